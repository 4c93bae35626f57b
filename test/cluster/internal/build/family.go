// Package build compiles what the cluster runs, each family from a module of its own, and keeps
// the results in a cache that is keyed by everything that shaped them. It starts nothing.
package build

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// Family is a set of programs that share one go.mod, and with it one version of every dependency.
type Family struct {
	// Name is the folder of the family's go.mod.
	Name string
	// Module is the module, or the Python package, whose version the family bears; empty for a program of
	// our own.
	Module string
	Steps  []Step
	// Scripts are Python programs of the folder. They are put among the packages that requirements.txt pins
	// beside them; such a family has no go.mod and no Steps.
	Scripts []string `json:",omitempty"`
	// Files are copied out of Module beside the programs, so that a warm start needs no module cache.
	Files []string
}

// Step is one call of go build.
type Step struct {
	Cgo  bool
	Tags string
	// LDFlags are added to "-s -w"; {version} stands for the family's version.
	LDFlags string
	// Programs maps a package to the name of its program.
	Programs map[string]string
	// Patches maps files of the family's folder to where they complete a module, below vendor.
	Patches map[string]string `json:",omitempty"`
}

// Families returns everything the cluster is built from, the longest builds first.
func Families() []Family {
	const gitVersion = "-X k8s.io/component-base/version.gitVersion={version}" +
		" -X k8s.io/client-go/pkg/version.gitVersion={version}"
	return []Family{{
		Name:   "kubernetes",
		Module: "k8s.io/kubernetes",
		// Without a version kubectl cannot parse what the server answers.
		Steps: []Step{{LDFlags: gitVersion, Programs: named("k8s.io/kubernetes/cmd/",
			"kube-apiserver", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubectl", "kubelet")}},
	}, {
		Name:   "kfp",
		Module: "github.com/kubeflow/pipelines",
		Files:  []string{"manifests/kustomize", "backend/src/apiserver/config/config.json"},
		Steps: []Step{{
			// The API server names types of its sqlite driver that exist only with cgo; linked
			// statically it still runs in an image without a base.
			Cgo:      true,
			Tags:     "netgo,osusergo,sqlite_omit_load_extension",
			LDFlags:  `-linkmode external -extldflags "-static"`,
			Programs: map[string]string{"github.com/kubeflow/pipelines/backend/src/apiserver": "apiserver"},
		}, {
			Programs: map[string]string{
				"github.com/kubeflow/pipelines/backend/src/agent/persistence":                "persistence_agent",
				"github.com/kubeflow/pipelines/backend/src/crd/controller/scheduledworkflow": "scheduledworkflow",
				"github.com/kubeflow/pipelines/backend/src/v2/cmd/driver":                    "driver",
				"github.com/kubeflow/pipelines/backend/src/v2/cmd/launcher-v2":               "launcher-v2",
				"github.com/argoproj/argo-workflows/v3/cmd/workflow-controller":              "workflow-controller",
			},
		}, {
			Programs: map[string]string{"github.com/argoproj/argo-workflows/v3/cmd/argoexec": "argoexec"},
			Patches: map[string]string{
				"argoexec/signal_linux.go": "github.com/argoproj/argo-workflows/v3/workflow/executor/os-specific/signal_linux.go",
			},
		}},
	}, {
		Name:   "minio",
		Module: "github.com/minio/minio",
		Steps:  []Step{{Programs: named("github.com/minio/", "minio")}},
	}, {
		Name:   "coredns",
		Module: "github.com/coredns/coredns",
		Steps:  []Step{{Programs: named("github.com/coredns/", "coredns")}},
	}, {
		Name:   "metrics-server",
		Module: "sigs.k8s.io/metrics-server",
		// Without a version it calls itself a development build.
		Steps: []Step{{
			LDFlags:  "-X k8s.io/client-go/pkg/version.gitVersion={version}",
			Programs: named("sigs.k8s.io/metrics-server/cmd/", "metrics-server"),
		}},
	}, {
		Name:   "etcd",
		Module: "go.etcd.io/etcd/server/v3",
		Steps:  []Step{{Programs: map[string]string{"go.etcd.io/etcd/server/v3": "etcd"}}},
	}, {
		Name:    "metadata",
		Module:  "ml-metadata",
		Scripts: []string{"server.py"},
	}, {
		Name:  "pause",
		Steps: []Step{{Programs: map[string]string{".": "pause"}}},
	}}
}

func named(prefix string, names ...string) map[string]string {
	programs := make(map[string]string, len(names))
	for _, name := range names {
		programs[prefix+name] = path.Base(name)
	}
	return programs
}

// version reads the family's version where it is pinned: in its go.mod, or its requirements.txt.
func (f Family) version(source string) (string, error) {
	if f.Module == "" {
		return "v0", nil
	}
	if len(f.Scripts) > 0 {
		return pinned(filepath.Join(source, requirements), f.Module)
	}
	file := filepath.Join(source, "go.mod")
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	mod, err := modfile.Parse(file, data, nil)
	if err != nil {
		return "", err
	}
	for _, r := range mod.Require {
		if r.Mod.Path == f.Module {
			return r.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("%s does not require %s", file, f.Module)
}
