package workload

import (
	"fmt"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/robfig/cron"
)

const (
	// maxTicks bounds the ticks of one recurring run: more of them, one every ten seconds for eleven days, are
	// none that KFP keeps up with.
	maxTicks = 100_000
	// slack is how far the end of a schedule may be off by our clock and the server's.
	slack = 2 * time.Second
)

// ticksOf returns when a schedule is due after a moment and up to another, by the parser and the rule of
// KFP's controller: the first tick is the next after the recurring run was created. It reads the schedule in
// UTC, as KFP does unless it was installed otherwise.
func ticksOf(spec string, created, stopped time.Time) ([]time.Time, error) {
	parsed, err := cron.Parse(spec)
	if err != nil {
		return nil, fmt.Errorf("reading the schedule %q: %w", spec, err)
	}
	var ticks []time.Time
	for at := parsed.Next(created.UTC()); !at.IsZero() && !at.After(stopped); at = parsed.Next(at) {
		if len(ticks) == maxTicks {
			return ticks, fmt.Errorf("the schedule %q has more than %d ticks, and those behind them are not judged", spec, maxTicks)
		}
		ticks = append(ticks, at)
	}
	return ticks, nil
}

// sumUp matches the runs with the ticks that should have made them.
func (s *schedule) sumUp() {
	e := s.entry
	e.mu.Lock()
	defer e.mu.Unlock()
	sum := &result.Schedule{
		Cron: s.cron, RecurringRuns: len(s.made), Left: s.left, Fired: countsOf(e.book.counted).Planned,
	}
	e.outcome.Schedule = sum
	runs := e.runsByRecurring()
	for _, recurring := range s.made {
		stopped := s.stopped(recurring)
		ticks, err := ticksOf(s.cron, recurring.Created, stopped)
		if err != nil {
			e.warnings = append(e.warnings, err.Error())
		}
		matchTicks(sum, ticks, s.warm(), stopped, runs[recurring.ID])
	}
}

// stopped is when a recurring run made its last runs, by the server's clock. Where the server says when it was
// disabled, that is the last change of it, unless the end of one of its runs was one.
func (s *schedule) stopped(r kfp.RecurringRun) time.Time {
	last := s.disabled
	if last.IsZero() {
		last = s.ended
	}
	stopped := s.serverTime(last).Add(slack)
	if !r.Enabled && !r.Updated.IsZero() && r.Updated.Before(stopped) {
		return r.Updated
	}
	return stopped
}

// runsByRecurring returns the runs by the recurring run that made them, the oldest first. The lock is held.
func (e *Entry) runsByRecurring() map[string][]*result.Run {
	runs := map[string][]*result.Run{}
	for slot := range len(e.book.runs) {
		r := &e.book.runs[slot].Run
		runs[r.RecurringRun] = append(runs[r.RecurringRun], r)
	}
	for _, of := range runs {
		slices.SortStableFunc(of, func(a, b *result.Run) int { return a.ServerCreated.Compare(b.ServerCreated) })
	}
	return runs
}

// matchTicks gives each run its tick and adds up. The server says which tick a run is of; where it does not,
// a run is of the first tick that has none yet. A tick that was due right before the end and made no run is
// not counted: it may still have been about to. Nor are ticks before from, and those of the warm-up.
func matchTicks(sum *result.Schedule, ticks []time.Time, from, stopped time.Time, runs []*result.Run) {
	made := make(map[int64]int, len(ticks))
	for _, tick := range ticks {
		made[tick.Unix()] = 0
	}
	next := 0
	for _, r := range runs {
		if _, is := made[r.Tick.Unix()]; !is {
			for next < len(ticks) && made[ticks[next].Unix()] > 0 {
				next++
			}
			r.Tick = time.Time{}
			if next < len(ticks) && !ticks[next].After(r.ServerCreated) {
				r.Tick = ticks[next]
			}
		}
		if r.Tick.IsZero() {
			continue
		}
		made[r.Tick.Unix()]++
		if r.WarmUp && !r.Tick.Before(from) {
			from = r.Tick.Add(1)
		}
	}
	for _, r := range runs {
		if !r.Tick.IsZero() && !r.Tick.Before(from) && r.ServerCreated.Sub(r.Tick) > result.LateAfter {
			sum.Late++
		}
	}
	for _, tick := range ticks {
		switch n := made[tick.Unix()]; {
		case tick.Before(from):
		case n == 0 && stopped.Sub(tick) < result.LateAfter:
		case n == 0:
			sum.Expected++
			sum.Missed++
		default:
			sum.Expected++
			if n > 1 {
				sum.Double++
			}
		}
	}
}
