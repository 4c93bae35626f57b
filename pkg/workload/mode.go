package workload

import (
	"context"

	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// slotFunc is what one slot of an entry does.
type slotFunc func(context.Context, load.Slot)

// prepareFunc makes on the server what the slots of an entry share, and returns what each of them does.
// Its error is the failure of the entry.
type prepareFunc func(context.Context, *Entry) (slotFunc, error)

// preparation returns the preparation of a mode: one line and one file a mode.
func preparation(mode scenario.Mode) (prepareFunc, bool) {
	prepare, known := map[scenario.Mode]prepareFunc{
		scenario.PipelineRun: pipelineRun,
		scenario.Experiment:  experiment,
	}[mode]
	return prepare, known
}
