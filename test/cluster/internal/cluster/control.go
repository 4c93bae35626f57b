package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// stopping is how long a daemon may take to end when it is asked to.
const stopping = 20 * time.Second

// Order is what is to become of one daemon of the running cluster.
type Order struct {
	// Do is kill, stop, start or restart.
	Do string
	// Name is the daemon's.
	Name string
	// ContainerLogMaxSize is at which size the kubelet that is started rotates containers' logs; empty for its default.
	ContainerLogMaxSize string
}

func (o Order) validate() error {
	if !slices.Contains([]string{"kill", "stop", "start", "restart"}, o.Do) {
		return fmt.Errorf("nothing can %q a daemon: kill, stop, start or restart it", o.Do)
	}
	if o.ContainerLogMaxSize != "" && (o.Do != "restart" || o.Name != "kubelet") {
		return errors.New("--container-log-max-size is for restart kubelet")
	}
	return nil
}

// Carry carries out the order, and returns when the daemon is as it was told to be: gone, or ready. What runs already is not started.
func (o Order) Carry(ctx context.Context, layout Layout, say progress.Printer) error {
	if err := o.validate(); err != nil {
		return err
	}
	lock, err := layout.waitForLock(say)
	if err != nil {
		return err
	}
	defer lock.release()
	cluster, err := layout.running()
	if err != nil {
		return errors.New("no cluster is up")
	}
	daemons := &supervisor{programs: programs{layout: layout, builds: cluster.Builds}}
	daemon, err := daemons.named(o.Name)
	if err != nil {
		return err
	}
	owner := layout.owner()
	switch o.Do {
	case "kill":
		return owner.KillProgram(daemon.path)
	case "stop":
		return owner.StopProgram(daemon.path, stopping)
	case "restart":
		if err := owner.StopProgram(daemon.path, stopping); err != nil {
			return err
		}
	}
	return daemons.bring(ctx, daemon, o.ContainerLogMaxSize)
}

// named finds a daemon.
func (p programs) named(name string) (program, error) {
	var known []string
	for _, daemon := range p.all() {
		if daemon.name == name {
			return daemon, nil
		}
		known = append(known, daemon.name)
	}
	return program{}, fmt.Errorf("no daemon is called %q, but %s", name, strings.Join(known, ", "))
}

// bring starts a daemon unless it runs, and waits until it is ready.
func (s *supervisor) bring(ctx context.Context, daemon program, logMaxSize string) error {
	pids, err := s.layout.owner().PidsOf(daemon.path)
	if err != nil {
		return err
	}
	if len(pids) == 0 {
		if daemon.name == "kubelet" {
			if err := s.layout.configureKubelet(logMaxSize); err != nil {
				return err
			}
		}
		if err := s.start(daemon); err != nil {
			return err
		}
	}
	if err := s.await(ctx, daemon.name, s.layout.kubectl(s.builds).readiness(daemon.name)); err != nil {
		return err
	}
	if daemon.name != "mariadb" || len(pids) > 0 {
		return nil
	}
	// ML Metadata keeps its connections to the database and does not open them again.
	follower := s.metadata()
	if err := s.layout.owner().KillProgram(follower.path); err != nil {
		return err
	}
	return s.bring(ctx, follower, "")
}

func (l Layout) configureKubelet(logMaxSize string) error {
	values := l.values()
	values.ContainerLogMaxSize = logMaxSize
	return values.write("kubelet.yaml", l.state("kubelet.yaml"))
}
