package cluster

import (
	"bytes"
	"embed"
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
	// MultiUser is the mode of KFP's server.
	MultiUser bool
	// ContainerLogMaxSize is the kubelet's; empty for its default.
	ContainerLogMaxSize string
	// Profile is the namespace of the user for whom a file is filled in.
	Profile string
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
func (v values) render(name string) ([]byte, error) {
	text, err := configFiles.ReadFile(path.Join("config", name))
	if err != nil {
		return nil, err
	}
	parsed, err := template.New(name).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, v); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// write fills in a configuration file and stores it.
func (v values) write(name, file string) error {
	text, err := v.render(name)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
