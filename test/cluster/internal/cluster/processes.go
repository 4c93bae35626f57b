package cluster

import (
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// Processes lists the processes of the cluster, those of its pods included, in order of their ids. A
// program that changes the cluster right now is none of them.
func Processes(layout Layout) ([]process.Info, error) {
	pids, err := layout.owner().Pids()
	if err != nil {
		return nil, err
	}
	// The control group is the machine's: its pods may be those of another layout's cluster.
	if layout.othersClaim() == nil {
		pods, err := podsCgroup.Pids()
		if err != nil {
			return nil, err
		}
		pids = append(pids, pods...)
	}
	slices.Sort(pids)
	return process.Inspect(slices.Compact(pids)), nil
}
