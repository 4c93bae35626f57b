package workload

import (
	"context"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// callCounts counts the slots of an entry whose work is calls, and not runs.
type callCounts struct {
	inFlight        int
	counted, warmUp result.Counts
}

// calling returns the slot of a mode whose work is done when its calls are.
func (e *Entry) calling(do func(context.Context, slot) error) func(context.Context, slot) {
	return func(ctx context.Context, s slot) {
		e.called(func(c *callCounts) { c.inFlight++ })
		err := do(ctx, s)
		e.called(func(c *callCounts) {
			c.inFlight--
			counts := &c.counted
			if s.warm {
				counts = &c.warmUp
			}
			counts.Planned++
			switch {
			case err == nil:
				counts.Succeeded++
			case ctx.Err() != nil:
				counts.Unfinished++ // it was cut off by the end, and says nothing of the server
			default:
				counts.Errors++
			}
		})
	}
}

func (e *Entry) called(change func(*callCounts)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.calls)
}

// recordFrom returns an observer that records the calls of a slot. The first was due when the slot was, each
// further one when the one before had ended.
func recordFrom(recorder *metrics.Recorder, planned time.Time) func(kfp.Call) {
	return func(c kfp.Call) {
		recorder.Record(metrics.Call{
			Operation: c.Operation, Class: c.Class, Answered: c.Status != 0,
			Planned: planned, Sent: c.Sent, Done: c.Done,
		})
		planned = c.Done
	}
}

// Record returns an observer that records calls which were due when they were sent.
func Record(recorder *metrics.Recorder) func(kfp.Call) {
	return func(c kfp.Call) { recordFrom(recorder, c.Sent)(c) }
}
