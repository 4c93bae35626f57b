// Package timeline tells where the time of a run went, from the nodes of its workflow as KFP's server tells
// of them. It refuses to guess: a run whose nodes do not support an answer gets none.
//
// All times are the server's, in whole seconds.
package timeline

import (
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// Stages are the parts of a run's time, from its creation to its end. All but Unattributed lie between two
// moments that the server tells, and together they are the whole.
type Stages struct {
	// Queue is from the run's creation to the start of its first pod.
	Queue time.Duration
	// Drivers and Executors are the time of those pods on the critical path: of KFP's own, and of the
	// user's steps, KFP's launcher in them included.
	Drivers, Executors time.Duration
	// Scheduling lies between the end of a pod on the critical path and the start of the next, and between the end
	// of the last and that of the pipeline's root, which is when the workflow controller took notice.
	Scheduling time.Duration
	// Unattributed is what is left at the end of the run.
	Unattributed time.Duration
}

// Timeline is what the nodes of a run tell.
type Timeline struct {
	// First is when the first pod started.
	First time.Time
	// Stages is nil where the nodes do not tell: of a run that has none, or one that has not ended.
	Stages *Stages
	// Tasks counts the user's steps: Cached of them were served from KFP's cache. Retried counts attempts at a step
	// beyond the first.
	Tasks, Cached, Retried int
	// Impossible counts intervals that cannot be: what ended before it started, or began before the run was
	// created.
	Impossible int
}

// Complete reports whether the nodes of a run that has ended have, too. The server may know of the run's end
// some time before it knows of theirs.
func Complete(r kfp.Run) bool {
	return len(r.Tasks) > 0 && !slices.ContainsFunc(r.Tasks, func(t kfp.Task) bool {
		return !t.Start.IsZero() && t.End.IsZero()
	})
}

// Of returns the timeline of a run.
func Of(r kfp.Run) Timeline {
	g := graphOf(r.Tasks)
	line := Timeline{}
	for _, n := range g.nodes {
		if !n.plausible(r) {
			line.Impossible++
		}
	}
	var last *node
	for _, n := range g.nodes {
		line.count(n)
		if !n.ran() {
			continue
		}
		if line.First.IsZero() || n.Start.Before(line.First) {
			line.First = n.Start
		}
		if last == nil || n.End.After(last.End) {
			last = n
		}
	}
	if !r.Created.IsZero() && !r.Finished.IsZero() && r.Finished.Before(r.Created) {
		line.Impossible++
	}
	if r.Created.IsZero() || r.Finished.IsZero() || last == nil || line.Impossible > 0 {
		return line
	}
	stages := g.walk(last, r.Created)
	closed := earliest(latest(g.rootEnd(), last.End), r.Finished)
	stages.Scheduling += closed.Sub(last.End)
	stages.Unattributed = r.Finished.Sub(closed)
	line.Stages = &stages
	return line
}

// skew is by how much the clocks of the machines that KFP and its pods are on may differ: each cuts the fractions
// of its seconds off.
const skew = time.Second

// plausible reports whether a node's times can be, and moves what is off by no more than the skew.
func (n *node) plausible(r kfp.Run) bool {
	if n.Start.IsZero() {
		return true
	}
	if early := r.Created.Sub(n.Start); !r.Created.IsZero() && early > 0 {
		if early > skew {
			return false
		}
		n.Start = r.Created
	}
	if n.End.IsZero() {
		return true
	}
	if over := n.End.Sub(r.Finished); !r.Finished.IsZero() && over > 0 {
		if over > skew {
			return false
		}
		n.End = r.Finished
	}
	return !n.End.Before(n.Start)
}

// count counts a node that is a step of the user's.
func (l *Timeline) count(n *node) {
	switch {
	case n.driver() || n.group:
	case n.State == "SKIPPED" && n.executor():
		l.Cached++
		l.Tasks++
	case n.ran() && n.attempt() > 0:
		l.Retried++
	case n.ran():
		l.Tasks++
	}
}

// walk follows the critical path back from the node that ended last, and adds up its parts.
func (g *graph) walk(last *node, created time.Time) Stages {
	var s Stages
	for n, until := last, last.End; ; {
		start := latest(n.Start, created)
		if part := until.Sub(start); part > 0 {
			if n.driver() {
				s.Drivers += part
			} else {
				s.Executors += part
			}
			until = start
		}
		before := g.before(n)
		if before == nil {
			s.Queue = until.Sub(created)
			return s
		}
		end := earliest(before.End, until)
		s.Scheduling += until.Sub(end)
		n, until = before, end
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
