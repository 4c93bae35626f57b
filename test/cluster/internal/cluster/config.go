package cluster

import (
	"bytes"
	"embed"
	"io/fs"
	"os"
	"path"
	"text/template"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/pki"
)

//go:embed config
var configFiles embed.FS

// values are what the configuration files leave open.
type values struct {
	NodeName, NodeIP, DNSIP, PodCIDR, Bridge, Network, Cgroup string
	State, Run, Certs, ContainerdSocket                       string
	Registry, ArgoVersion, PauseImage, CoreDNSImage           string
	DriverImage, LauncherImage, ExecutorImage                 string
	MinIOUser, MinIOPassword                                  string
}

func (l Layout) values() values {
	return values{
		NodeName: nodeName, NodeIP: nodeIP, DNSIP: dnsIP, PodCIDR: podCIDR,
		Bridge: bridge, Network: network, Cgroup: string(podsCgroup),
		State: l.state(), Run: runDir, Certs: l.state("certs"), ContainerdSocket: l.containerdSocket(),
		Registry: registry, ArgoVersion: argoVersion, PauseImage: pauseImage, CoreDNSImage: corednsImage,
		DriverImage: driverImage, LauncherImage: launcherImage, ExecutorImage: executorImage,
		MinIOUser: minioUser, MinIOPassword: minioPassword,
	}
}

// render fills in a configuration file.
func (l Layout) render(name string) ([]byte, error) {
	text, err := configFiles.ReadFile(path.Join("config", name))
	if err != nil {
		return nil, err
	}
	parsed, err := template.New(name).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, l.values()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// writeConfig fills in a configuration file and stores it.
func (l Layout) writeConfig(name, file string) error {
	text, err := l.render(name)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// writeKustomization lays our kustomization over a copy of KFP's manifests.
func (l Layout) writeKustomization(manifests, target string) error {
	if err := os.CopyFS(target, os.DirFS(manifests)); err != nil {
		return err
	}
	entries, err := fs.ReadDir(configFiles, "config/kfp")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := l.writeConfig(path.Join("kfp", entry.Name()), path.Join(target, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// writeCerts makes the cluster's authority, everyone's certificate and everyone's kubeconfig.
func (l Layout) writeCerts() error {
	certs := func(name string) string { return l.state("certs", name) }
	authority, err := pki.NewAuthority()
	if err != nil {
		return err
	}
	if err := os.WriteFile(certs("ca.crt"), authority.Cert(), 0o600); err != nil {
		return err
	}
	for name, who := range map[string]pki.Identity{
		"kube-apiserver": {User: "kube-apiserver", Hosts: []string{nodeIP, serviceIP, "127.0.0.1", "localhost",
			"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}},
		"kubelet-server": {User: "system:node:" + nodeName, Hosts: []string{nodeIP, nodeName}},
		"kubelet-client": {User: "kube-apiserver-kubelet-client", Groups: []string{"system:masters"}},
	} {
		pair, err := authority.Issue(who)
		if err != nil {
			return err
		}
		if err := pair.Write(certs(name)); err != nil {
			return err
		}
	}
	for file, who := range map[string]pki.Identity{
		l.kubeconfig(): {User: "kfpperf-admin", Groups: []string{"system:masters"}},
		certs("kube-controller-manager.kubeconfig"): {User: "system:kube-controller-manager"},
		certs("kube-scheduler.kubeconfig"):          {User: "system:kube-scheduler"},
		certs("kube-proxy.kubeconfig"):              {User: "system:kube-proxy"},
		certs("kubelet.kubeconfig"):                 {User: "system:node:" + nodeName, Groups: []string{"system:nodes"}},
	} {
		pair, err := authority.Issue(who)
		if err != nil {
			return err
		}
		kubeconfig, err := authority.Kubeconfig(serverURL, pair)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, kubeconfig, 0o600); err != nil {
			return err
		}
	}
	public, private, err := pki.SigningKey()
	if err != nil {
		return err
	}
	return pki.Pair{Cert: public, Key: private}.Write(certs("service-accounts"))
}
