package load

import (
	"context"
	"sync"
	"time"
)

// Plan says when slots start.
type Plan struct {
	// Pacer is the schedule, counted from Start.
	Pacer Pacer
	Start time.Time
	// Until is the last instant at which a slot may start; what runs then goes on.
	Until time.Time
}

// Slot is one piece of work.
type Slot struct {
	// Index is the slot's place in the schedule, from 0.
	Index int
	// Planned is when the slot was due. It is computed from the plan's start, so that delays of
	// earlier slots never add up.
	Planned time.Time
}

// Tally counts the slots of a plan; together they are all of them.
type Tally struct {
	Started    int
	NotStarted int
}

// Fire starts do for every slot when it is due, each in its own goroutine, and returns when all of them
// have returned. A slot that is late starts at once. Once ctx is done or the plan's Until is over, no
// further slot starts.
func Fire(ctx context.Context, plan Plan, do func(context.Context, Slot)) Tally {
	var tally Tally
	var running sync.WaitGroup
	defer running.Wait()
	for i := 0; ; i++ {
		offset, ok := plan.Pacer(i)
		if !ok {
			return tally
		}
		slot := Slot{Index: i, Planned: plan.Start.Add(offset)}
		if !await(ctx, slot.Planned, plan.Until) {
			tally.NotStarted++
			continue
		}
		tally.Started++
		running.Go(func() { do(ctx, slot) })
	}
}

// await waits for an instant and reports whether work may start then.
func await(ctx context.Context, planned, until time.Time) bool {
	if planned.After(until) {
		return false
	}
	if wait := time.Until(planned); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err() == nil && !time.Now().After(until)
}
