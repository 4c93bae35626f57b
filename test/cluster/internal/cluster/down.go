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

// Down stops the cluster, however far it came, an up that is still under way included, and takes
// back all that it changed on the machine. The builds stay.
func Down(ctx context.Context, layout Layout, say progress.Printer) error {
	lock, err := layout.seizeLock(say)
	if err != nil {
		return err
	}
	defer lock.release()
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
	if l.othersClaim() != nil {
		return host.RemoveTrees(l.state())
	}
	if !exists(l.state()) && !exists(runDir) {
		return nil
	}
	// Containers bear no mark of ours; they are in our control group. Mounts hold no process by then.
	if err := podsCgroup.Remove(); err != nil {
		return fmt.Errorf("removing the pods: %w", err)
	}
	err = errors.Join(
		host.RestoreSettings(l.settings()),
		host.RemoveRules(ctx, l.owner()),
		host.RemoveLeftovers(network, l.state(), l.podIDs()),
		host.RemoveBridge(ctx, l.owner(), bridge),
		host.RemoveAddress(ctx, l.owner(), nodeIP+"/32"),
	)
	if err != nil {
		return err
	}
	// The state goes last: while it is there, a further down starts over.
	if err := host.RemoveTrees(runDir, l.state()); err != nil {
		return err
	}
	say.Printf("the cluster is down: %d processes killed", killed)
	return nil
}

// podIDs lists the pods that the kubelet still knew.
func (l Layout) podIDs() []string {
	folders, _ := filepath.Glob(l.state("kubelet", "pods", "*"))
	for i, folder := range folders {
		folders[i] = filepath.Base(folder)
	}
	return folders
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
