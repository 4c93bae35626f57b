package workload

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

var errNoRecurringRun = errors.New("no recurring run could be created")

// schedule is what PIPELINE_SCHEDULED_RUN has on the server. All of it lies in an experiment of its own, so
// that what a lost answer hides is found there.
type schedule struct {
	entry        *Entry
	cron         string
	pipeline     kfp.Pipeline
	experimentID string

	// mu guards the creation. What comes after is done in one goroutine.
	mu   sync.Mutex
	made []kfp.RecurringRun
	// refused counts the create calls that failed, by class; lost those among them that had no answer.
	refused map[string]int
	lost    int

	// enabled are the recurring runs that go on making runs.
	enabled []string
	// disabled is when none was left of these, zero while there are some.
	disabled time.Time
	// ended is when the taking back began.
	ended time.Time
	// left counts those that could not be deleted.
	left int
	// known are the runs that were found; page is the token of the last page of them but one.
	known map[string]bool
	page  string
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
		refused: map[string]int{}, known: map[string]bool{},
	}
	return work{slot: s.create, stay: s.watch, finish: s.close}, nil
}

// create makes a recurring run. One whose answer is lost is not made again; it is found by a list.
func (s *schedule) create(ctx context.Context, slot slot) bool {
	recurring, err := slot.client.CreateRecurringRun(ctx, kfp.NewRecurringRun{
		Name: s.entry.nameOf(slot), PipelineID: s.pipeline.ID, VersionID: s.pipeline.VersionID,
		ExperimentID: s.experimentID, // which is in the namespace
		Description:  Mark(s.entry.target.RunID),
		Cron:         s.cron, MaxConcurrency: s.entry.spec.MaxConcurrency, Params: s.entry.spec.Params,
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		s.made = append(s.made, recurring)
		s.enabled = append(s.enabled, recurring.ID)
	case unanswered(err):
		s.lost++
		fallthrough
	default:
		s.refused[classOf(err)]++
	}
	return false
}

// watch follows the runs that the server makes: until the end of the runTime, or a stop, new ones, and after it
// those that are still at work.
func (s *schedule) watch(ctx, ending context.Context) {
	until, _ := ending.Deadline()
	if ctx.Err() != nil {
		return
	}
	if s.lost > 0 {
		s.adopt(ctx)
	}
	if len(s.made) == 0 {
		if len(s.refused) > 0 || ending.Err() == nil { // else it was stopped before there was one
			s.entry.fail(errNoRecurringRun)
		}
		return
	}
	for ctx.Err() == nil {
		over := ending.Err() != nil || !time.Now().Before(until)
		if over && len(s.enabled) > 0 {
			s.disable(ctx)
		}
		pages := s.look(ctx)
		if over && s.isOver() {
			return
		}
		// Looking for new runs takes half as many calls as following those that are known.
		next := time.Now().Add(2 * time.Duration(pages) * s.entry.tracker.pace())
		if over {
			sleepUntil(ctx, next)
		} else {
			sleepUntil(ending, next)
		}
	}
}

// isOver reports whether no run is to come and none at work. The server shows a run some time after it made
// it.
func (s *schedule) isOver() bool {
	shown := s.disabled.Add(shorter(result.LateAfter, s.entry.target.Speed))
	return len(s.enabled) == 0 && !time.Now().Before(shown) && s.entry.inFlight() == 0
}

// look finds new runs, and returns how many calls that took. The server lists the oldest first, so that what
// is new is on the last page, or at the end of the one before: runs of one second come in any order. The
// tracker follows what was found.
func (s *schedule) look(ctx context.Context) (pages int) {
	token := s.page
	for {
		pages++
		runs, next, err := s.entry.target.Client.RunsOfExperiment(ctx, s.entry.target.Namespace, s.experimentID, token)
		if !s.entry.tracker.noted(ctx, err) {
			s.page = ""
			return pages
		}
		for _, r := range runs {
			if !s.known[r.ID] {
				s.found(r)
			}
		}
		if next == "" {
			return pages
		}
		s.page, token = token, next
	}
}

// found takes a run on.
func (s *schedule) found(r kfp.Run) {
	now, slot := s.entry.target.now(), len(s.known)
	s.known[r.ID] = true
	s.entry.found(result.Run{
		Slot: slot, ID: r.ID, Name: r.Name, Planned: r.Created, Sent: r.Created, Created: now,
		RecurringRun: r.RecurringRunID, Tick: r.Scheduled, WarmUp: s.isWarmUp(slot, r),
	})
	if s.entry.saw(slot, r, now) {
		s.entry.tracker.follow(&followed{entry: s.entry, slot: slot, id: r.ID, name: r.Name, looked: now})
	}
}

func (s *schedule) isWarmUp(slot int, r kfp.Run) bool {
	w := s.entry.spec.WarmUp
	if w == nil {
		return false
	}
	due := r.Scheduled
	if due.IsZero() {
		due = r.Created
	}
	return slot < s.entry.spread.shard.Part(w.Count) || due.Before(s.warm())
}

// warm is when the schedule begins to count, by the server's clock.
func (s *schedule) warm() time.Time {
	if w := s.entry.spec.WarmUp; w != nil {
		return s.serverTime(s.entry.began.Add(time.Duration(w.Time)))
	}
	return time.Time{}
}

// serverTime is what the server's clock, which may not be ours, says at a moment. The first recurring run was
// made right after the entry began, so that it is off by what the server took to make it.
func (s *schedule) serverTime(at time.Time) time.Time {
	first := s.made[0].Created
	for _, r := range s.made {
		if r.Created.Before(first) {
			first = r.Created
		}
	}
	passed := at.Sub(s.entry.began)
	if speed := s.entry.target.Speed; speed > 0 {
		passed = time.Duration(float64(passed) * speed)
	}
	return first.Add(passed)
}
