package workload

import (
	"context"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// A pod that is told to end has a minute; what the run made must be deleted in it, and the result written, too.
const (
	// lastCalls is how long the calls that are under way go on after a cancellation: one that is cut off tells
	// nothing, and of a create call not even what it made.
	lastCalls = 4 * time.Second
	// lastCare is how long may be spent, after that, on what must not stay on the server.
	lastCare = 16 * time.Second
)

// Run carries the entry out and returns when all its work has ended, or when its drain time is over. When
// Target.Stop is closed no slot starts any more; when Target.Abandon is closed, or ctx is done, no run is awaited
// either, and calls under way get a moment to end. What went wrong stands in Result.
func (e *Entry) Run(ctx context.Context) {
	defer e.enter(Done)
	awaiting, stopAwaiting := endedBy(ctx, e.target.Abandon)
	defer stopAwaiting()
	starting, stopStarting := endedBy(awaiting, e.target.Stop)
	defer stopStarting()
	start := e.target.Started.Add(time.Duration(e.spec.StartTime))
	if !sleepUntil(starting, start) {
		return
	}
	e.enter(Preparing)
	work, err := e.mode.prepare(awaiting, e)
	switch {
	case starting.Err() != nil:
	case err != nil:
		e.fail(err)
	default:
		e.carryOut(ctx, awaiting, starting, start, work)
	}
}

// carryOut does the work of an entry that is prepared. Nothing starts when starting is over, and nothing is awaited
// when awaiting is.
func (e *Entry) carryOut(ctx, awaiting, starting context.Context, start time.Time, w work) {
	e.enter(Running)
	e.began = e.target.now()
	until := e.began.Add(time.Duration(e.spec.RunTime))
	if e.spread.sinceStart {
		until = start.Add(time.Duration(e.spec.RunTime))
	}
	ending, stopEnding := context.WithDeadline(starting, until)
	defer stopEnding()
	waiting, stopWaiting := e.drained(awaiting, starting, until)
	defer stopWaiting()
	calling, stopCalling := outliving(awaiting, lastCalls)
	defer stopCalling()
	calling, stopAll := e.drained(calling, starting, until)
	defer stopAll()
	defer context.AfterFunc(waiting, func() {
		<-ending.Done() // contexts that end together do so in any order, and a place that is free is taken until then
		e.letGo()
	})()
	e.settleTally(e.spread.fire(starting, e.began, until, e.dropped, e.late, func(_ context.Context, s load.Slot, done func()) {
		if !w.slot(calling, e.slot(calling, s, done)) {
			done()
		}
	}))
	if w.stay != nil {
		w.stay(waiting, ending)
	}
	e.settleActivity()
	e.awaitDetails(waiting)
	e.close()
	if w.finish != nil {
		e.finish(ctx, w.finish)
	}
}

// finish calls what takes back, also after a cancellation, within bounds.
func (e *Entry) finish(ctx context.Context, takeBack func(context.Context)) {
	bound := scenario.TakingBack
	if ctx.Err() != nil {
		bound = lastCare
	}
	ctx, cancel := outliving(ctx, lastCare)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, bound)
	defer stop()
	takeBack(ctx)
}

// drained returns a context that ends with another, or when the drain time is over: it counts from the end of the
// runTime, or of the starting where that came before.
func (e *Entry) drained(ctx, starting context.Context, until time.Time) (context.Context, context.CancelFunc) {
	drain := e.drain()
	ctx, cancel := context.WithCancel(ctx)
	end := time.AfterFunc(time.Until(until.Add(drain)), cancel)
	stop := context.AfterFunc(starting, func() { end.Reset(min(drain, time.Until(until.Add(drain)))) })
	return ctx, func() {
		stop()
		end.Stop()
		cancel()
	}
}

// endedBy returns a context that ends with another, or when a channel is closed; nil never is.
func endedBy(ctx context.Context, signal <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if signal == nil {
		return ctx, cancel
	}
	select {
	case <-signal:
		cancel()
	default:
	}
	var listener sync.WaitGroup
	listener.Go(func() {
		select {
		case <-signal:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel()
		listener.Wait()
	}
}

// outliving returns a context that ends so long after ctx does.
func outliving(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}

// partOf returns a context that has the n-th part of the time of ctx, which has a deadline.
func partOf(ctx context.Context, n time.Duration) (context.Context, context.CancelFunc) {
	deadline, _ := ctx.Deadline()
	return context.WithTimeout(ctx, time.Until(deadline)/n)
}

// drain is how long unfinished work is awaited.
func (e *Entry) drain() time.Duration {
	if e.spec.Drain != nil {
		return time.Duration(*e.spec.Drain)
	}
	return shorter(e.target.Drain, e.target.Speed)
}

// slot returns what a slot of the engine is for the work. Calls that are cut off by the end of ctx are not
// recorded: they say nothing of the server.
func (e *Entry) slot(ctx context.Context, s load.Slot, done func()) slot {
	warm := e.isWarmUp(s)
	recorder := &e.counted
	if warm {
		recorder = &e.warmUp
	} else {
		e.due(s.Planned)
	}
	record := recordFrom(e.recording(recorder), s.Planned)
	return slot{Slot: s, warm: warm, done: done, client: e.target.Client.Observing(func(c kfp.Call) {
		if ctx.Err() == nil || c.Class != kfp.ClassTimeout && c.Class != kfp.ClassCanceled {
			record(c)
		}
	})}
}

func (e *Entry) isWarmUp(s load.Slot) bool {
	w := e.spec.WarmUp
	return w != nil && (s.Index < w.Count || s.Planned.Before(e.began.Add(time.Duration(w.Time))))
}

// sleepUntil waits for an instant and reports whether it came before the end of ctx.
func sleepUntil(ctx context.Context, instant time.Time) bool {
	timer := time.NewTimer(time.Until(instant))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
