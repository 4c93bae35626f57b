package worker

import (
	"log/slog"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

const (
	// glance is the least time between two progress events.
	glance = time.Second
	// silence is the most: idle connections are cut, and people worry.
	silence = 15 * time.Second
)

// narrator tells what happens, from one goroutine.
type narrator struct {
	emit    func(handoff.Event)
	logger  *slog.Logger
	started time.Time
	entries []*workload.Entry
	// tenant is whose share of the entries is told of, where there are others.
	tenant string
	// looks tells how well run states can be followed.
	looks func() workload.Looks
	// checkpoints are taken in between.
	checkpoints checkpoints

	// told and toldAt are the last progress event's.
	told   []handoff.EntryProgress
	toldAt time.Time
	// blind says that the last look at run states failed, and that this was told.
	blind bool
}

// narrate tells what changes until finished is closed, and then how things stand in the end.
func (n *narrator) narrate(finished <-chan struct{}) {
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for {
		n.tell()
		n.checkpoints.lookAt(time.Now())
		select {
		case <-ticker.C:
		case <-finished:
			n.tell()
			return
		}
	}
}

// tell emits what is new.
func (n *narrator) tell() {
	now := n.progress()
	for i, e := range now {
		if e.Failure != "" && (n.told == nil || n.told[i].Failure == "") {
			n.problem(&handoff.Problem{
				Cause:    n.entries[i].Name() + " failed",
				Evidence: e.Failure,
				Remedy:   "None of its runs is started; the other entries go on.",
			})
		}
	}
	n.tellOutage()
	if slices.Equal(now, n.told) && time.Since(n.toldAt) < silence {
		return
	}
	n.told, n.toldAt = now, time.Now()
	n.emit(handoff.Event{
		Type: handoff.EventProgress, Time: time.Now().UTC(), Progress: now,
		Text: progressText(time.Since(n.started), now),
	})
}

// tellOutage tells once of each time in which run states cannot be read.
func (n *narrator) tellOutage() {
	looks := n.looks()
	if looks.Failing && !n.blind {
		n.problem(&handoff.Problem{
			Cause:    "the states of the runs cannot be read at the moment",
			Evidence: looks.LastError.Error(),
			Remedy:   "The run goes on and looks again.",
		})
	}
	n.blind = looks.Failing
}

func (n *narrator) problem(p *handoff.Problem) {
	n.logger.Warn(p.Cause, "evidence", p.Evidence)
	n.emit(handoff.Event{Type: handoff.EventProblem, Time: time.Now().UTC(), Text: p.Error(), Problem: p})
}

// progress returns where every entry stands.
func (n *narrator) progress() []handoff.EntryProgress {
	all := make([]handoff.EntryProgress, len(n.entries))
	for i, e := range n.entries {
		all[i] = progressOf(e)
		all[i].Namespace = n.tenant
	}
	return all
}

func progressOf(e *workload.Entry) handoff.EntryProgress {
	s := e.Standing()
	return handoff.EntryProgress{
		Entry: e.Index(), Mode: string(e.Mode()), Pipeline: e.Pipeline(), Phase: string(s.Phase),
		Calls: !e.MakesRuns(), Total: s.Total, Started: s.Counts.Planned - s.Counts.NotStarted - s.Counts.Dropped,
		InFlight: s.InFlight, Succeeded: s.Counts.Succeeded, Failed: s.Counts.Failed, Errors: s.Counts.Errors,
		Dropped: s.Counts.Dropped, CreateMax: s.CreateMax, Failure: s.Failure,
	}
}
