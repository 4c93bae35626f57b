package workload

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// running is the state of a run that works.
const running = "RUNNING"

func (e *Entry) enter(phase Phase) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.phase = phase
}

func (e *Entry) fail(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.outcome.Failure = err.Error()
}

func (e *Entry) warn(doubt string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.warnings = append(e.warnings, doubt)
}

// settleTally notes what became of all slots.
func (e *Entry) settleTally(tally load.Tally) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tally, e.fired = tally, true
}

// made notes what the server made for the entry.
func (e *Entry) made(pipeline kfp.Pipeline, experimentID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.outcome.PipelineID = pipeline.ID
	e.outcome.VersionID = pipeline.VersionID
	e.outcome.ExperimentID = experimentID
}

// close ends the waiting: what is unfinished stays so, whatever becomes of it.
func (e *Entry) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
}

// sent notes that a create call is about to leave, and returns what is closed when the run is settled.
func (e *Entry) sent(s slot, name string) <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &run{
		Run:   result.Run{Slot: s.Index, Name: name, Planned: s.Planned, Sent: e.target.now(), WarmUp: s.warm},
		stage: creating,
	}
	e.book.add(r)
	return r.settled
}

// found notes a run that the server made on its own.
func (e *Entry) found(seen result.Run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.book.add(&run{Run: seen, stage: following})
}

// inFlight counts the runs whose end is awaited.
func (e *Entry) inFlight() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.book.inFlight()
}

// answered notes how a create call ended: with a run, or with an error class.
func (e *Entry) answered(slot int, next stage, id, class string, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.book.runs[slot]
	r.ID, r.Error = id, class
	if id != "" {
		r.Created = now
	}
	e.slowest = max(e.slowest, now.Sub(r.Sent))
	e.book.move(slot, next)
}

// adopted notes that a run of unknown fate was found under its name.
func (e *Entry) adopted(slot int, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.book.runs[slot].ID = id
		e.book.move(slot, following)
	}
}

// saw notes what the server said of a run and reports whether there is more to wait for.
func (e *Entry) saw(slot int, seen kfp.Run, now time.Time) (more bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return false
	}
	r := e.book.runs[slot]
	r.ServerCreated, r.ServerFinished = seen.Created, seen.Finished
	if seen.State != "" { // a run passes through states that the server does not name
		r.State = seen.State
	}
	if seen.State == running && r.Running.IsZero() {
		r.Running = now
	}
	if !kfp.Terminal(seen.State) {
		return true
	}
	r.Terminal = now
	if seen.State == result.Succeeded {
		e.book.move(slot, succeeded)
	} else {
		e.book.move(slot, failed)
	}
	return false
}

// gaveUp notes that nothing more will be learnt of a run.
func (e *Entry) gaveUp(slot int, last stage) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.book.move(slot, last)
	}
}
