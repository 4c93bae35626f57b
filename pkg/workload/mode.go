package workload

import (
	"context"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// mode is how the entries of one mode work.
type mode struct {
	// prepare makes on the server what the slots of an entry share, and returns the work. Its error is the
	// failure of the entry. Nothing that it makes needs to be taken back.
	prepare func(context.Context, *Entry) (work, error)
	// spread is how the slots are spread over time in an entry that does not say.
	spread func(scenario.Entry) spread
	// byServer says that the server makes the runs: the slots are not what is counted.
	byServer bool
}

// work is what an entry does once it is prepared.
type work struct {
	// slot does one piece of it. Its calls end with ctx. Where the piece goes on after them, as a run does, it
	// returns true, and the slot's done is called at its end.
	slot func(ctx context.Context, s slot) (goesOn bool)
	// stay, if any, is called when the slots have ended. Ending is done at the end of the runTime, which is its
	// deadline, or when the run is stopped before; stay returns when nothing more is to come or ctx is done.
	stay func(ctx, ending context.Context)
	// finish, if any, takes back what must not stay on the server. It is called on every way out.
	finish func(ctx context.Context)
}

// slot is one piece of work.
type slot struct {
	load.Slot
	// warm says that the slot is measured but not counted.
	warm bool
	// client records what the slot calls.
	client *kfp.Client
	// done says that a piece that went on is over.
	done func()
}

// modeOf returns how a mode works. A new mode is one line here and one file beside this one.
func modeOf(name scenario.Mode) (mode, bool) {
	m, known := map[scenario.Mode]mode{
		scenario.PipelineRun:          {prepare: pipelineRun, spread: atOnce},
		scenario.Experiment:           {prepare: experiment, spread: atOnce},
		scenario.RandomGets:           {prepare: randomGets, spread: clients},
		scenario.PipelineUpload:       {prepare: pipelineUpload, spread: evenly},
		scenario.PipelineScheduledRun: {prepare: scheduledRun, spread: atOnce, byServer: true},
	}[name]
	return m, known
}
