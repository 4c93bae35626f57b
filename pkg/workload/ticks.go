package workload

import (
	"fmt"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/robfig/cron"
)

// maxTicks bounds the ticks of one recurring run: those of a month at one a second are too many to mean
// anything.
const maxTicks = 100_000

// ticksOf returns when a schedule is due after a moment and up to another, by the parser and the rule of
// KFP's controller: the first tick is the next after the recurring run was created. It reads the schedule in
// UTC, as KFP does unless it was installed otherwise.
func ticksOf(spec string, created, stopped time.Time) ([]time.Time, error) {
	parsed, err := cron.Parse(spec)
	if err != nil {
		return nil, fmt.Errorf("reading the schedule %q: %w", spec, err)
	}
	var ticks []time.Time
	for at := parsed.Next(created.UTC()); !at.IsZero() && !at.After(stopped) && len(ticks) < maxTicks; at = parsed.Next(at) {
		ticks = append(ticks, at)
	}
	return ticks, nil
}

// sumUp matches the runs with the ticks that should have made them.
func (s *schedule) sumUp() {
	e := s.entry
	e.mu.Lock()
	defer e.mu.Unlock()
	sum := &result.Schedule{Cron: s.cron, RecurringRuns: len(s.made), Left: s.left}
	e.outcome.Schedule = sum
	for _, recurring := range s.made {
		// Both ends are by the server's clock, which may not be ours.
		stopped := recurring.Updated
		if recurring.Enabled || stopped.IsZero() {
			stopped = e.target.now()
		}
		ticks, err := ticksOf(s.cron, recurring.Created, stopped)
		if err != nil {
			e.warnings = append(e.warnings, err.Error())
			return
		}
		matchTicks(sum, ticks, stopped, e.runsOfRecurring(recurring.ID))
	}
	sum.Fired = len(e.book)
}

// runsOfRecurring returns the runs that a recurring run made, the oldest first. The lock is held.
func (e *Entry) runsOfRecurring(id string) []*result.Run {
	var runs []*result.Run
	for slot := range len(e.book) {
		if r := e.book[slot]; r != nil && r.RecurringRun == id {
			runs = append(runs, &r.Run)
		}
	}
	slices.SortStableFunc(runs, func(a, b *result.Run) int { return a.ServerCreated.Compare(b.ServerCreated) })
	return runs
}

// matchTicks gives each run its tick and adds up. The server says which tick a run is of; where it does not,
// a run is of the first tick that has none yet. A tick that was due right before the end and made no run is
// not counted: it may still have been about to.
func matchTicks(sum *result.Schedule, ticks []time.Time, stopped time.Time, runs []*result.Run) {
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
		if r.ServerCreated.Sub(r.Tick) > result.LateAfter {
			sum.Late++
		}
	}
	for _, tick := range ticks {
		switch n := made[tick.Unix()]; {
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
