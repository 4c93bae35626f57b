package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Plan says when slots start.
type Plan struct {
	// Pacer is the schedule, counted from Start.
	Pacer Pacer
	Start time.Time
	// Until is the last instant at which a slot may start; what runs then goes on.
	Until time.Time
	// Limit is how many slots of the schedule there are at most; 0 sets no limit.
	Limit int
	// MaxInFlight drops a slot that is due while so many are at work; 0 drops none.
	MaxInFlight int
	// Drop, if any, is told of each slot that is dropped, before the next one is due.
	Drop func(Slot)
	// Late, if any, is told of each slot that was due and did not start, because it came too late.
	Late func(Slot)
	// Shard is the part of the slots that is fired here.
	Shard Shard
}

// Shard is one of several parts of a schedule: slot i belongs to shard i mod Of. The union of all shards is
// the schedule. The zero value is the whole.
type Shard struct{ Index, Of int }

// owns reports whether a slot, or a client, belongs to the shard.
func (s Shard) owns(i int) bool { return s.Of < 2 || i%s.Of == s.Index }

// Part counts how many of n slots, or clients, belong to the shard. The parts of all shards are n together.
func (s Shard) Part(n int) int {
	if s.Of < 2 {
		return n
	}
	return (n - s.Index + s.Of - 1) / s.Of
}

// Slot is one piece of work.
type Slot struct {
	// Index is the slot's place in the schedule, from 0.
	Index int
	// Planned is when the slot was due. It is computed from the plan's start, so that delays of
	// earlier slots never add up.
	Planned time.Time
}

// Tally counts the slots of a plan, or of a shard of it; together they are all of them.
type Tally struct {
	Started int
	// Dropped were due while MaxInFlight were at work: the load was less than asked for.
	Dropped int
	// NotStarted were not due before Until or before the end of the context. Beyond a hundred thousand it is
	// the Rest of the pacer.
	NotStarted int
}

// Work does one slot, in a goroutine of its own, and has done called once, when the slot is over: before it returns,
// or later, by whoever sees the end of what it began. Thousands of slots may wait so without a goroutine each. done
// never blocks.
type Work func(ctx context.Context, s Slot, done func())

// Whole is the work whose slots are over when do returns.
func Whole(do func(context.Context, Slot)) Work {
	return func(ctx context.Context, s Slot, done func()) {
		defer done()
		do(ctx, s)
	}
}

// Fire starts the work of every slot when it is due, and returns when all of them are over. A slot that is
// late starts at once. Once ctx is done or the plan's Until is over, no further slot starts.
func Fire(ctx context.Context, plan Plan, do Work) Tally {
	var tally Tally
	var running sync.WaitGroup
	defer running.Wait()
	var inFlight atomic.Int64
	index, over := -1, false
	for offset := range plan.Pacer.Offsets() {
		index++
		if plan.Limit > 0 && index >= plan.Limit {
			break
		}
		if !plan.Shard.owns(index) {
			continue
		}
		slot := Slot{Index: index, Planned: plan.Start.Add(offset)}
		over = over || !await(ctx, slot.Planned, plan.Until)
		switch {
		case over:
			tally.NotStarted++
			if plan.Late != nil && !slot.Planned.After(plan.Until) && !slot.Planned.After(time.Now()) {
				plan.Late(slot)
			}
			if tally.NotStarted == mostCounted {
				tally.NotStarted += plan.rest(index, offset)
				return tally
			}
		case plan.MaxInFlight > 0 && inFlight.Load() >= int64(plan.MaxInFlight):
			tally.Dropped++
			if plan.Drop != nil {
				plan.Drop(slot)
			}
		default:
			tally.Started++
			inFlight.Add(1)
			running.Add(1)
			running.Go(func() {
				do(ctx, slot, func() {
					inFlight.Add(-1)
					running.Done()
				})
			})
		}
	}
	return tally
}

// rest counts the shard's slots behind one.
func (p Plan) rest(index int, offset time.Duration) int {
	rest := p.Pacer.Rest(index, offset)
	if p.Limit > 0 {
		rest = min(rest, p.Limit-1-index)
	}
	return rest / max(p.Shard.Of, 1)
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
