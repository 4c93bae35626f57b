package workload

import (
	"context"
	"net/http"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// respite is how long a client of a closed loop waits after work that failed at once: a server that is away
// is not to be called ten thousand times a second.
const respite = 100 * time.Millisecond

// callCounts counts the slots of an entry whose work is calls, and not runs, and the slots of any entry that
// were dropped.
type callCounts struct {
	inFlight        int
	counted, warmUp result.Counts
}

func (c *callCounts) of(warm bool) *result.Counts {
	if warm {
		return &c.warmUp
	}
	return &c.counted
}

// calling returns the slot of a mode whose work is done when its calls are.
func (e *Entry) calling(do func(context.Context, slot) error) func(context.Context, slot) <-chan struct{} {
	return func(ctx context.Context, s slot) <-chan struct{} {
		e.called(func(c *callCounts) { c.inFlight++ })
		err := do(ctx, s)
		e.called(func(c *callCounts) {
			c.inFlight--
			counts := c.of(s.warm)
			counts.Planned++
			switch {
			case err == nil:
				counts.Succeeded++
			case ctx.Err() != nil && !answered(err):
				counts.Unfinished++ // it was cut off by the end, and says nothing of the server
			default:
				counts.Errors++
			}
		})
		if err != nil && (!answered(err) || kfp.StatusOf(err) == http.StatusServiceUnavailable) {
			e.rest(ctx)
		}
		return nil
	}
}

// dropped notes a slot that was not started because too many were at work.
func (e *Entry) dropped(s load.Slot) {
	warm := e.isWarmUp(s)
	e.called(func(c *callCounts) {
		counts := c.of(warm)
		counts.Planned++
		counts.Dropped++
	})
}

func (e *Entry) called(change func(*callCounts)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.calls)
}

// rest gives a client of a closed loop its respite.
func (e *Entry) rest(ctx context.Context) {
	if e.spread.pacer == nil {
		sleepUntil(ctx, time.Now().Add(respite))
	}
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
