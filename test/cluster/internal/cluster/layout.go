// Package cluster brings up and takes down a single-node Kubernetes with Kubeflow Pipelines: which
// component runs where, in which order, and when it counts as ready.
package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/host"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

const (
	nodeName = "kfpperf"
	// nodeIP is on the loopback device: it exists before any pod and reaches from any pod.
	nodeIP      = "10.88.0.1"
	podCIDR     = "10.244.0.0/24"
	serviceCIDR = "10.96.0.0/16"
	serviceIP   = "10.96.0.1"
	dnsIP       = "10.96.0.10"
	bridge      = "kfpperf0"
	network     = "kfpperf"

	// runDir is short because a unix socket's path may not exceed 107 bytes.
	runDir     = "/run/kfpperf-cluster"
	podsCgroup = host.Cgroup("kfpperf-cluster")

	etcdURL   = "http://127.0.0.1:12379"
	serverURL = "https://" + nodeIP + ":6443"
)

// Layout is where a cluster keeps its things.
type Layout struct {
	// Root is the folder of everything; it also identifies the cluster's processes.
	Root string
}

// DefaultLayout is the user's cache folder, or what KFPPERF_CLUSTER_DIR says.
func DefaultLayout() (Layout, error) {
	root := os.Getenv("KFPPERF_CLUSTER_DIR")
	if root == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return Layout{}, fmt.Errorf("finding a folder for the cluster (KFPPERF_CLUSTER_DIR names one): %w", err)
		}
		root = filepath.Join(cache, "kfpperf-cluster")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return Layout{}, err
	}
	const most = 60 // leaves room for the kubelet's own sockets
	if len(root) > most || strings.ContainsAny(root, " \t\n'\"$\\") {
		return Layout{}, fmt.Errorf("folder %q is longer than %d bytes or needs quoting: set KFPPERF_CLUSTER_DIR", root, most)
	}
	return Layout{Root: root}, nil
}

func (l Layout) owner() process.Owner { return process.Owner(l.Root) }

func (l Layout) builds() string { return filepath.Join(l.Root, "bin") }

func (l Layout) state(elements ...string) string {
	return filepath.Join(append([]string{l.Root, "state"}, elements...)...)
}

func (l Layout) kubeconfig() string { return l.state("kubeconfig") }

func (l Layout) containerdSocket() string { return filepath.Join(runDir, "containerd.sock") }

// settings holds the kernel's settings from before the cluster.
func (l Layout) settings() string { return l.state("settings.json") }

// record describes the running cluster; it is written last, so that a cluster without it did not
// come up whole.
func (l Layout) record() string { return l.state("running.json") }
