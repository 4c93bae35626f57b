package workload

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// mostConcurrency is the largest max_concurrency that KFP takes.
const mostConcurrency = 10

var errNoRecurringRun = errors.New("no recurring run could be created")

// schedule is what PIPELINE_SCHEDULED_RUN has on the server. All of it lies in an experiment of its own, so
// that what a lost answer hides is found there.
type schedule struct {
	entry        *Entry
	cron         string
	pipeline     kfp.Pipeline
	experimentID string

	mu       sync.Mutex
	made     []kfp.RecurringRun
	failed   map[string]int
	disabled bool
	left     int
	// slots are the places of the runs that were found, by their ids.
	slots map[string]int
}

// scheduledRun prepares PIPELINE_SCHEDULED_RUN: each slot makes a recurring run, and the server makes runs of
// them until the end of the runTime.
func scheduledRun(ctx context.Context, e *Entry) (work, error) {
	cron, err := scenario.CronForKFP(e.spec.Cron)
	if err != nil {
		return work{}, err
	}
	pipeline, err := e.upload(ctx)
	if err != nil {
		return work{}, err
	}
	experimentID, err := e.newExperiment(ctx)
	if err != nil {
		return work{}, err
	}
	e.made(pipeline, experimentID)
	s := &schedule{
		entry: e, cron: cron, pipeline: pipeline, experimentID: experimentID,
		failed: map[string]int{}, slots: map[string]int{},
	}
	return work{slot: s.create, stay: s.watch, finish: s.close}, nil
}

// create makes a recurring run. One whose answer is lost is not made again; close finds it.
func (s *schedule) create(ctx context.Context, slot slot) {
	concurrency := s.entry.spec.MaxConcurrency
	if concurrency == 0 {
		concurrency = mostConcurrency
	}
	recurring, err := slot.client.CreateRecurringRun(ctx, kfp.NewRecurringRun{
		Name: s.entry.nameOf(slot), PipelineID: s.pipeline.ID, VersionID: s.pipeline.VersionID,
		ExperimentID: s.experimentID, // which is in the namespace
		Cron:         s.cron, MaxConcurrency: concurrency, Params: s.entry.spec.Params,
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.failed[classOf(err)]++
		return
	}
	s.made = append(s.made, recurring)
}

// watch follows the runs that the server makes: until the end of the runTime new ones, and after it those
// that are still at work.
func (s *schedule) watch(ctx context.Context, until time.Time) {
	if len(s.made) == 0 {
		s.entry.fail(errNoRecurringRun)
		return
	}
	for ctx.Err() == nil {
		over := !time.Now().Before(until)
		if over && !s.disabled {
			s.disable(ctx)
		}
		pages, open := s.look(ctx)
		if over && open == 0 {
			return
		}
		// At most one call in each poll interval, however many pages there are.
		next := time.Now().Add(time.Duration(pages) * s.entry.tracker.poll)
		if !over && next.After(until) {
			next = until
		}
		sleepUntil(ctx, next)
	}
}

// look reads all runs of the experiment, and returns how many calls that took and how many runs are at work.
func (s *schedule) look(ctx context.Context) (pages, open int) {
	token := ""
	for {
		pages++
		runs, next, err := s.entry.target.Client.RunsOfExperiment(ctx, s.entry.target.Namespace, s.experimentID, token)
		if !s.entry.tracker.noted(ctx, err) {
			return pages, open + 1 // nothing is known, so nothing is over
		}
		now := s.entry.target.now()
		for _, r := range runs {
			if s.saw(r, now) {
				open++
			}
		}
		if token = next; token == "" {
			return pages, open
		}
	}
}

// saw takes note of a run, and reports whether it is at work.
func (s *schedule) saw(r kfp.Run, now time.Time) bool {
	slot, known := s.slots[r.ID]
	if !known {
		slot = len(s.slots)
		s.slots[r.ID] = slot
		s.entry.found(slot, result.Run{
			ID: r.ID, Name: r.Name, Planned: r.Created, Sent: r.Created, Created: now,
			RecurringRun: r.RecurringRunID, Tick: r.Scheduled,
		})
	}
	if s.entry.isSettled(slot) {
		return false
	}
	return s.entry.saw(slot, r, now)
}

// disable stops the recurring runs at the end of the runTime.
func (s *schedule) disable(ctx context.Context) {
	failed := each(s.ids(), func(id string) error { return s.entry.preparing().DisableRecurringRun(ctx, id) })
	s.disabled = true
	if failed > 0 {
		s.entry.warn(fmt.Sprintf("%d of %d recurring runs could not be disabled", failed, len(s.made)))
	}
}

// close deletes the recurring runs, those included whose creation had no answer, and sums up the schedule.
func (s *schedule) close(ctx context.Context) {
	if !s.disabled {
		s.disable(ctx) // so that the server tells when their time was over
	}
	client := s.entry.preparing()
	found, err := client.ListRecurringRunsOf(ctx, s.entry.target.Namespace, s.experimentID)
	if err == nil {
		s.made = found
	}
	s.left = each(s.ids(), func(id string) error { return client.DeleteRecurringRun(ctx, id) })
	if s.left > 0 {
		s.entry.warn(fmt.Sprintf("%d recurring runs could not be deleted and may go on to make runs, in experiment %s",
			s.left, s.experimentID))
	}
	for class, n := range s.failed {
		s.entry.warn(fmt.Sprintf("%d of %d recurring runs could not be created (%s)", n, s.entry.spec.NumTimes, class))
	}
	s.sumUp()
}

func (s *schedule) ids() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, len(s.made))
	for i, r := range s.made {
		ids[i] = r.ID
	}
	return ids
}
