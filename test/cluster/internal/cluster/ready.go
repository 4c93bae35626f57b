package cluster

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// await repeats a check until it passes; it gives up early when a daemon has ended.
func (s *supervisor) await(ctx context.Context, what string, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		if ended := s.err(); ended != nil {
			return ended
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// kubectl runs the cluster's own kubectl against the cluster.
type kubectl struct {
	layout Layout
	path   string
}

func (l Layout) kubectl(builds map[string]string) kubectl {
	return kubectl{layout: l, path: filepath.Join(builds["kubernetes"], "kubectl")}
}

func (k kubectl) run(ctx context.Context, stdin []byte, args ...string) (string, error) {
	out, err := process.Output(ctx, k.layout.owner(), process.Command{
		Path:  k.path,
		Args:  append([]string{"--kubeconfig=" + k.layout.kubeconfig()}, args...),
		Env:   []string{"PATH=" + searchPath, "HOME=" + k.layout.state("home")},
		Stdin: stdin,
	})
	return string(out), err
}

// check is one condition of a cluster that is ready.
type check struct {
	what string
	pass func(context.Context) error
}

// checks lists what makes the cluster ready, in the order in which it comes to be.
func (k kubectl) checks() []check {
	return []check{
		{"kube-apiserver", k.serving},
		{"node", k.nodeReady},
		{"CoreDNS", k.rolledOut("kube-system", "coredns")},
		{"workflow-controller", k.rolledOut("kubeflow", "workflow-controller")},
		{"persistence agent", k.rolledOut("kubeflow", "ml-pipeline-persistenceagent")},
		{"scheduled workflow controller", k.rolledOut("kubeflow", "ml-pipeline-scheduledworkflow")},
		{"ML Metadata", listens(metadataAddress)},
		{"ml-pipeline", k.rolledOut("kubeflow", "ml-pipeline")},
		{"ml-pipeline through its Service", k.pipelinesAnswer},
		{"metrics-server", func(ctx context.Context) error {
			_, err := k.run(ctx, nil, "wait", "--for=condition=Available", "--timeout=2s", "apiservice/v1beta1.metrics.k8s.io")
			return err
		}},
	}
}

func (k kubectl) rolledOut(namespace, name string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := k.run(ctx, nil, "--namespace="+namespace, "rollout", "status", "--timeout=2s", "deployment/"+name)
		return err
	}
}

// pipelinesAnswer checks that KFP's server is reached, in whichever mode it is.
func (k kubectl) pipelinesAnswer(ctx context.Context) error {
	url, err := k.health(ctx)
	if err != nil {
		return err
	}
	_, err = modeAt(ctx, url)
	return err
}

func (k kubectl) serving(ctx context.Context) error {
	_, err := k.run(ctx, nil, "get", "--raw=/readyz")
	return err
}

// listens checks that somebody listens at an address of this machine's.
func listens(address string) func(context.Context) error {
	return func(ctx context.Context) error {
		var dialer net.Dialer
		connection, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	}
}

// containerdListens asks for more than the socket, which a killed containerd leaves behind.
func (l Layout) containerdListens(ctx context.Context) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "unix", l.containerdSocket())
	if err != nil {
		return err
	}
	return connection.Close()
}
