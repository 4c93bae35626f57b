package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/host"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// Down stops the cluster, however far it came, and takes back all that it changed on the machine.
// The builds stay.
func Down(ctx context.Context, layout Layout, say progress.Printer) error {
	unlock, err := layout.lock(say)
	if err != nil {
		return err
	}
	defer unlock()
	return layout.clean(ctx, say)
}

func (l Layout) clean(ctx context.Context, say progress.Printer) error {
	killed, err := l.owner().KillAll()
	if err != nil {
		return err
	}
	if err := host.AllowServices(); err != nil {
		return err
	}
	partial, _ := filepath.Glob(filepath.Join(l.builds(), ".partial-*"))
	if err := host.RemoveTrees(partial...); err != nil {
		return err
	}
	if !exists(l.state()) && !exists(runDir) {
		return nil
	}
	// Containers bear no mark of ours; they are in our control group. Mounts hold no process by then.
	if err := podsCgroup.Remove(); err != nil {
		return fmt.Errorf("removing the pods: %w", err)
	}
	// The network namespaces, and with them the pods' ends of the links, go with the mounts below.
	err = errors.Join(
		host.RestoreSettings(l.settings()),
		host.RemoveRules(ctx, l.owner()),
		host.RemoveLeftovers(network, l.state()),
		host.RemoveTrees(runDir, l.state()),
		host.RemoveLink(ctx, l.owner(), bridge),
		host.RemoveAddress(ctx, l.owner(), nodeIP+"/32"),
	)
	if err != nil {
		return err
	}
	say.Printf("the cluster is down: %d processes killed", killed)
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
