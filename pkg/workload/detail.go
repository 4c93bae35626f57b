package workload

import (
	"context"
	"math"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/timeline"
)

// running is the state of a run that works.
const running = "RUNNING"

const (
	// moreLooks is how often a run that has ended is looked at again for the ends of its tasks, which the server
	// may learn later.
	moreLooks = 3
	// mostDetail bounds the wait for these looks at the end of an entry.
	mostDetail = 15 * time.Second
)

// saw notes what the server said of a run and reports whether to look at it again.
func (e *Entry) saw(slot int, seen kfp.Run, now time.Time) (more bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.book.runs[slot]
	if e.closed || r == nil || r.detailed {
		return false
	}
	r.ServerCreated, r.ServerFinished = seen.Created, seen.Finished
	if seen.State != "" { // a run passes through states that the server does not name
		r.State = seen.State
	}
	if seen.State == running && r.Running.IsZero() {
		r.Running = now
	}
	if kfp.Terminal(seen.State) && r.settle != nil {
		e.ended(r, seen, now)
	}
	if r.settle != nil {
		return true
	}
	return !e.detail(r, seen)
}

// ended notes the end of a run. The lock is held.
func (e *Entry) ended(r *run, seen kfp.Run, now time.Time) {
	r.Terminal, r.Persisted = now, seen.Persisted
	e.load.Ended(e.since(now))
	if e.target.Ahead != nil && !seen.Persisted.IsZero() {
		if offset, known := e.target.Ahead(); known {
			late := int64(math.Round(max(now.Add(offset).Sub(seen.Persisted), 0).Seconds()))
			r.DetectionSeconds = &late
		}
	}
	if seen.State == result.Succeeded {
		e.move(r.Slot, succeeded)
	} else {
		e.move(r.Slot, failed)
	}
}

// detail notes where the time of a run that has ended went, and reports whether all is known, or enough was
// looked. The lock is held.
func (e *Entry) detail(r *run, seen kfp.Run) (done bool) {
	if r.looks++; !timeline.Complete(seen) && r.looks <= moreLooks {
		return false
	}
	e.book.detailing--
	if len(seen.Tasks) > 0 {
		line := timeline.Of(seen)
		tasks, cached, retried := int64(line.Tasks), int64(line.Cached), int64(line.Retried)
		r.FirstTask, r.Impossible = line.First, line.Impossible
		r.Tasks, r.CachedTasks, r.RetriedTasks = &tasks, &cached, &retried
		if s := line.Stages; s != nil {
			r.Stages = &result.Stages{
				Queue: whole(s.Queue), Drivers: whole(s.Drivers), Executors: whole(s.Executors),
				Scheduling: whole(s.Scheduling), Unattributed: whole(s.Unattributed),
			}
		}
	}
	e.retire(r)
	return true
}

func whole(d time.Duration) int64 { return int64(d / time.Second) }

// retire gathers the figures of a run of which nothing more will be learnt, and forgets the run where there are
// enough. The ticks of runs by schedule are only known when all runs are, so these stay. The lock is held.
func (e *Entry) retire(r *run) {
	r.detailed = true
	if e.mode.byServer {
		return
	}
	b := &e.book
	b.figures.Add(r.Run)
	switch fault := r.State != result.Succeeded; {
	case b.kept < e.target.KeepRuns:
		b.kept++
	case fault && b.keptFaults < e.target.KeepRuns/10:
		b.keptFaults++
	default:
		b.leftOut++
		delete(b.runs, r.Slot)
	}
}

// awaitDetails waits until the ends of all tasks are known, or enough was looked.
func (e *Entry) awaitDetails(ctx context.Context) {
	detailing := func() int {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.book.detailing
	}
	deadline := time.Now().Add(shorter(mostDetail, e.target.Speed))
	for detailing() > 0 && ctx.Err() == nil && time.Now().Before(deadline) {
		sleepUntil(ctx, time.Now().Add(e.tracker.poll/4))
	}
}
