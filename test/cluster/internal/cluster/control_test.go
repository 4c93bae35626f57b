package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOrders(t *testing.T) {
	for name, test := range map[string]struct {
		order Order
		wrong string
	}{
		"kill":                   {Order{Do: "kill", Name: "kube-apiserver"}, ""},
		"a verb that is none":    {Order{Do: "pause", Name: "etcd"}, "pause"},
		"a size":                 {Order{Do: "restart", Name: "kubelet", ContainerLogMaxSize: "1Mi"}, ""},
		"a size of another":      {Order{Do: "restart", Name: "etcd", ContainerLogMaxSize: "1Mi"}, "--container-log-max-size"},
		"a size without a start": {Order{Do: "stop", Name: "kubelet", ContainerLogMaxSize: "1Mi"}, "--container-log-max-size"},
	} {
		err := test.order.validate()
		if (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryDaemonHasANameAPathAndACheck(t *testing.T) {
	layout := Layout{Root: "/cache/kfpperf-cluster"}
	all := programs{layout: layout, builds: map[string]string{"etcd": "/b/etcd", "kubernetes": "/b/k", "minio": "/b/minio", "metadata": "/b/m"}}
	paths := map[string]string{}
	for _, daemon := range all.all() {
		if !filepath.IsAbs(daemon.path) || paths[daemon.path] != "" {
			t.Errorf("%s has the path %q, as has %q: it could not be told apart", daemon.name, daemon.path, paths[daemon.path])
		}
		paths[daemon.path] = daemon.name
		if found, err := all.named(daemon.name); err != nil || found.path != daemon.path {
			t.Errorf("%s: found %+v, %v", daemon.name, found, err)
		}
		if (kubectl{layout: layout}).readiness(daemon.name) == nil {
			t.Errorf("nothing tells when %s is ready", daemon.name)
		}
	}
	if _, err := all.named("docker"); err == nil || !strings.Contains(err.Error(), "kubelet") {
		t.Errorf("an unknown daemon: %v", err)
	}
}

func TestAKubeletWithOtherSettingsIsNoticed(t *testing.T) {
	layout := Layout{Root: t.TempDir()}
	if err := os.Mkdir(layout.state(), 0o755); err != nil {
		t.Fatal(err)
	}
	for size, usual := range map[string]bool{"": true, "1Mi": false} {
		if err := layout.configureKubelet(size); err != nil {
			t.Fatal(err)
		}
		if err := layout.kubeletAsUsual(); (err == nil) != usual {
			t.Errorf("a size of %q: %v", size, err)
		}
		text, err := os.ReadFile(layout.state("kubelet.yaml"))
		if err != nil || strings.Contains(string(text), "containerLogMaxSize: 1Mi") == usual {
			t.Errorf("a size of %q: %v\n%s", size, err, text)
		}
	}
}

func TestADeploymentWithoutPodsIsNoticed(t *testing.T) {
	if err := scaled("ml-pipeline 1\nworkflow-controller 10\n"); err != nil {
		t.Error(err)
	}
	if err := scaled("ml-pipeline 1\nworkflow-controller 0\n"); err == nil || !strings.Contains(err.Error(), "workflow-controller") {
		t.Errorf("scaled to 0: %v", err)
	}
}
