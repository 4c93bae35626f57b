package cluster

import (
	"bytes"
	"embed"
	"io/fs"
	"os"
	"path"
	"text/template"
)

//go:embed config
var configFiles embed.FS

// values are what the configuration files leave open.
type values struct {
	NodeName, NodeIP, DNSIP, PodCIDR, Bridge, Network, Cgroup string
	State, Run, Certs, ContainerdSocket                       string
	Registry, ArgoVersion                                     string
	PauseImage, CoreDNSImage, MetricsServerImage              string
	DriverImage, LauncherImage, ExecutorImage                 string
	MinIOUser, MinIOPassword                                  string
}

func (l Layout) values() values {
	return values{
		NodeName: nodeName, NodeIP: nodeIP, DNSIP: dnsIP, PodCIDR: podCIDR,
		Bridge: bridge, Network: network, Cgroup: string(podsCgroup),
		State: l.state(), Run: runDir, Certs: l.state("certs"), ContainerdSocket: l.containerdSocket(),
		Registry: registry, ArgoVersion: argoVersion,
		PauseImage: pauseImage, CoreDNSImage: corednsImage, MetricsServerImage: metricsServerImage,
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
