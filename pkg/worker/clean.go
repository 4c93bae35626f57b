package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// fresh is how long ago a run that nobody named must have made its last thing: others may be at work on theirs, in
// places that cannot be seen from here.
const fresh = time.Hour

// CleanOptions say whose leavings are deleted from KFP. Of Options it needs what leads to KFP, and CleanupTimeout, which
// bounds all of it.
type CleanOptions struct {
	Options
	// Runs are the ids of the runs whose things are deleted. Without any, all runs are looked for that left something,
	// AllBut excepted; those that may be under way are spared.
	Runs, AllBut []string
	// DryRun deletes nothing, and tells what would be.
	DryRun bool
}

// Cleaned is what became of the things of one run.
type Cleaned struct {
	RunID string `json:"runID"`
	// Things were deleted, or would be: at most mostNamed of them. More counts the others.
	Things []result.Thing `json:"things,omitempty"`
	More   int            `json:"more,omitempty"`
	// Spared says why nothing was touched, a sentence without a final stop; empty otherwise.
	Spared string `json:"spared,omitempty"`
	// Cleanup is absent where the run was spared.
	Cleanup *result.Cleanup `json:"cleanup,omitempty"`
}

// mostNamed is how many things of a run are told of by their names.
const mostNamed = 10_000

// name notes a thing.
func (c *Cleaned) name(t result.Thing) {
	if len(c.Things) == mostNamed {
		c.More++
		return
	}
	c.Things = append(c.Things, t)
}

// Clean deletes from KFP what runs left there, whatever their results were. Its error is a *handoff.Problem when KFP
// cannot be used; what cannot be deleted is among what it returns.
func Clean(ctx context.Context, o CleanOptions) ([]Cleaned, error) {
	o.Document = &scenario.Document{} // nothing is carried out
	o.Options = o.withDefaults()
	server, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	o.Emit(serverEvent(server))
	bounded, stop := context.WithTimeout(ctx, o.CleanupTimeout)
	defer stop()
	runs, named := o.Runs, len(o.Runs) > 0
	if !named {
		found, err := workload.Leftovers(bounded, o.Client, server.Namespace)
		if err != nil {
			return nil, unlisted(err)
		}
		runs = slices.DeleteFunc(found, func(id string) bool { return slices.Contains(o.AllBut, id) })
	}
	all := []Cleaned{}
	for _, id := range runs {
		all = append(all, o.cleanRun(bounded, id, server.Namespace, named))
	}
	return all, nil
}

// unlisted tells that what is there cannot be told.
func unlisted(err error) error {
	var problem *handoff.Problem
	if errors.As(err, &problem) {
		return err
	}
	return &handoff.Problem{
		Cause: "KFP does not tell what runs left", Evidence: err.Error(),
		Remedy: "Name the runs, or see the log of ml-pipeline.",
	}
}

// cleanRun deletes what one run left.
func (o CleanOptions) cleanRun(ctx context.Context, id, namespace string, named bool) Cleaned {
	cleaned := Cleaned{RunID: id}
	cleaner := &workload.Cleaner{
		Client: o.Client.Observing(func(kfp.Call) {}), RunID: id, Namespace: namespace,
		Keep: result.KeepNone, DryRun: o.DryRun, Tell: cleaned.name,
	}
	if !named {
		alive, err := cleaner.MayBeAlive(ctx, time.Now().Add(-fresh))
		if err != nil {
			cleaned.Cleanup = &result.Cleanup{Keep: result.KeepNone, Reason: fmt.Sprintf("KFP did not tell what it has: %v", err)}
			return cleaned
		}
		if alive {
			cleaned.Spared = "it may be under way: it has runs that have not ended, or made something within the last hour"
			return cleaned
		}
	}
	finished := make(chan struct{})
	var worker sync.WaitGroup
	worker.Go(func() {
		cleaned.Cleanup = cleaner.Clean(ctx)
		close(finished)
	})
	o.tellCleaning(cleaner, finished)
	worker.Wait()
	cleaned.Cleanup.Namespace = o.Namespace
	return cleaned
}
