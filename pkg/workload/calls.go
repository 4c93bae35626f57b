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
func (e *Entry) calling(do func(context.Context, slot) error) func(context.Context, slot) bool {
	return func(ctx context.Context, s slot) bool {
		e.called(func(c *callCounts) {
			c.inFlight++
			e.load.Sent(e.since(s.Planned), e.since(e.target.now()))
		})
		err := do(ctx, s)
		e.called(func(c *callCounts) {
			c.inFlight--
			e.load.Ended(e.since(e.target.now()))
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
		return false
	}
}

// dropped notes a slot that was not started because too many were at work.
func (e *Entry) dropped(s load.Slot) {
	warm := e.isWarmUp(s)
	e.called(func(c *callCounts) {
		counts := c.of(warm)
		counts.Planned++
		counts.Dropped++
		e.load.Dropped(e.since(s.Planned))
	})
}

// late notes a slot that was not started because the time was over.
func (e *Entry) late(s load.Slot) {
	e.called(func(*callCounts) { e.load.Late(e.since(s.Planned)) })
}

// since is the time from the start of the run to a moment.
func (e *Entry) since(at time.Time) time.Duration { return at.Sub(e.target.Started) }

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
func recordFrom(record func(metrics.Call), planned time.Time) func(kfp.Call) {
	return func(c kfp.Call) {
		record(metrics.Call{
			Operation: c.Operation, Class: c.Class, Answered: c.Status != 0,
			Planned: planned, Sent: c.Sent, Done: c.Done,
			SentBytes: c.BytesOut, ReceivedBytes: c.BytesIn,
		})
		planned = c.Done
	}
}

// Record returns an observer that passes calls on which were due when they were sent.
func Record(record func(metrics.Call)) func(kfp.Call) {
	return func(c kfp.Call) { recordFrom(record, c.Sent)(c) }
}

// recording records a call of the entry's, and adds it to the series of all entries.
func (e *Entry) recording(recorder *metrics.Recorder) func(metrics.Call) {
	return func(c metrics.Call) {
		recorder.Record(c)
		e.target.Series.Record(c)
	}
}
