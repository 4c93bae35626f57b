package workload

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Cleaner deletes from Kubeflow Pipelines what one run made, and proves by lists that it is gone. It finds things by
// the run's id in their names and the mark in their descriptions, and touches nothing that has not both; of its own
// experiments it also deletes the runs that its recurring runs made. Clean is called once.
type Cleaner struct {
	Client *kfp.Client
	RunID  string
	// Namespace is where a multi-user KFP keeps it all; empty in single-user mode.
	Namespace string
	// Keep is what stays. With result.KeepAll only recurring runs are looked for.
	Keep result.Keep
	// Interrupted says that the run was cut short and waited for nothing: what has not ended, or is in Underway, is no
	// failure then.
	Interrupted bool
	// Underway are the ids of runs that had not ended when the run did.
	Underway map[string]bool
	// Hurried, once it is closed, has runs deleted without being terminated before: that ends them, too, in half the
	// calls, but is overlooked when it fails. It may be nil.
	Hurried <-chan struct{}
	// DryRun deletes nothing: what would be is told as left.
	DryRun bool
	// Tell is told what is deleted, or would be. It may be nil.
	Tell func(result.Thing)

	// most is mostAtOnce unless a test says otherwise.
	most     int
	done, of atomic.Int64
}

// Progress tells how many things are deleted, and how many are known that have to be. It may be called while Clean
// goes on.
func (c *Cleaner) Progress() (done, of int) { return int(c.done.Load()), int(c.of.Load()) }

// MayBeAlive reports whether somebody may be at work on the run still: something of it was made since a moment, or one
// of its runs has not ended. A run that waits for nothing but its own time looks like one that is over.
func (c *Cleaner) MayBeAlive(ctx context.Context, since time.Time) (bool, error) {
	found, err := c.take(ctx)
	if err != nil {
		return true, err
	}
	underway := func(r madeRun) bool { return r.underway }
	return found.newest.After(since) || slices.ContainsFunc(found.runs, underway), nil
}

// afterRefusal is how long the first look waits after a call that failed; the next ones wait longer.
const afterRefusal = 2 * time.Second

var (
	errStillThere = errors.New("KFP still lists what it said it had deleted")
	errNoTime     = errors.New("the time for it was over")
)

// Clean deletes, looks whether all is gone, and tries again what is not. It ends with ctx.
func (c *Cleaner) Clean(ctx context.Context) *result.Cleanup {
	began := time.Now()
	outcome := &result.Cleanup{Keep: c.Keep}
	left, err := c.clean(ctx, outcome)
	if ctx.Err() != nil && err != nil {
		err = errNoTime
	}
	if err != nil {
		outcome.Reason = err.Error()
	}
	outcome.Left, outcome.LeftTotal = left[:min(len(left), result.MostLeft)], len(left)
	outcome.Took = scenario.Duration(time.Since(began).Round(time.Millisecond))
	return outcome
}

func (c *Cleaner) tell(t result.Thing) {
	if c.Tell != nil {
		c.Tell(t)
	}
}

// clean returns what is left as far as is known, and why.
func (c *Cleaner) clean(ctx context.Context, outcome *result.Cleanup) (left []result.Thing, err error) {
	err = errStillThere
	for round := 0; round <= mostRounds; round++ {
		found, listing := c.take(ctx)
		if listing != nil {
			return left, fmt.Errorf("what is left could not be looked for: %w", listing)
		}
		goes, kept := c.sort(found)
		if c.Keep != result.KeepAll {
			outcome.Kept = &kept
		}
		left = goes.things()
		switch {
		case c.DryRun:
			for _, thing := range left {
				c.tell(thing)
			}
			return left, nil
		case len(left) == 0:
			return nil, nil
		case round == mostRounds:
			return left, err
		}
		c.of.Store(c.done.Load() + int64(len(left)))
		var refusal error
		if left, refusal = c.remove(ctx, goes, &outcome.Deleted); refusal != nil {
			err = refusal
			sleepUntil(ctx, time.Now().Add(afterRefusal<<round))
		} else if found.more {
			round = -1 // so far all went well
		}
	}
	return left, err
}
