package workload

import (
	"context"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// mostRounds is how often what could not be deleted is tried again.
const mostRounds = 3

// adopt takes on the recurring runs that the server has, those included whose creation had no answer.
func (s *schedule) adopt(ctx context.Context) {
	found, err := s.entry.preparing().ListRecurringRunsOf(ctx, s.entry.target.Namespace, s.experimentID)
	if err != nil {
		return // the end looks again
	}
	s.made, s.enabled = found, nil
	for _, r := range found {
		if r.Enabled {
			s.enabled = append(s.enabled, r.ID)
		}
	}
}

// disable stops the recurring runs. Those that go on are left among the enabled.
func (s *schedule) disable(ctx context.Context) {
	client := s.entry.preparing()
	s.enabled = each(s.enabled, func(id string) error { return client.DisableRecurringRun(ctx, id) })
	if len(s.enabled) == 0 {
		s.disabled = s.entry.target.now()
	}
}

// close deletes the recurring runs, those included whose creation had no answer, and sums up the schedule. They
// are disabled before, so that the server tells when their time was over; and runs are terminated before,
// because the server takes the workflows of a recurring run away with it.
func (s *schedule) close(ctx context.Context) {
	within := func(part time.Duration, do func(context.Context)) {
		ctx, cancel := partOf(ctx, part)
		defer cancel()
		do(ctx)
	}
	s.ended = s.entry.target.now()
	if len(s.enabled) > 0 {
		within(16, s.disable) // a second after a cancellation: what is deleted is stopped, too
	}
	if len(s.enabled) > 0 {
		s.entry.warn(fmt.Sprintf("%d of %d recurring runs could not be disabled", len(s.enabled), len(s.made)))
	}
	within(4, s.entry.terminateRest)
	s.remove(ctx)
	if s.left > 0 {
		s.entry.warn(fmt.Sprintf("%d recurring runs could not be deleted and may go on to make runs, in experiment %s",
			s.left, s.experimentID))
	}
	for class, n := range s.refused {
		s.entry.warn(fmt.Sprintf("%d of %d calls that create a recurring run failed (%s)", n, s.entry.spread.shard.Part(s.entry.spec.NumTimes), class))
	}
	s.sumUp()
}

// remove deletes what the server lists. It looks again when a call failed, or when one is under suspicion of
// having made something late.
func (s *schedule) remove(ctx context.Context) {
	client := s.entry.preparing()
	remaining, listed := idsOf(s.made), false
	for range mostRounds {
		part, cancel := partOf(ctx, 4) // a list that does not come is no reason to delete nothing
		found, err := client.ListRecurringRunsOf(part, s.entry.target.Namespace, s.experimentID)
		cancel()
		if err == nil {
			if !listed {
				s.made, listed = found, true
			}
			remaining = idsOf(found)
		}
		remaining = each(remaining, func(id string) error { return client.DeleteRecurringRun(ctx, id) })
		s.left = len(remaining)
		if err == nil && s.left == 0 && (s.lost == 0 || len(found) == 0) {
			return
		}
	}
	if !listed && s.lost > 0 {
		s.entry.warn("recurring runs whose creation had no answer could not be looked for, in experiment " + s.experimentID)
	}
}

func idsOf(all []kfp.RecurringRun) []string {
	ids := make([]string, len(all))
	for i, r := range all {
		ids[i] = r.ID
	}
	return ids
}
