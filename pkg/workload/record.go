package workload

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
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

// made notes what the server made for the entry.
func (e *Entry) made(pipeline kfp.Pipeline, experimentID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.outcome.PipelineID = pipeline.ID
	e.outcome.VersionID = pipeline.VersionID
	e.outcome.ExperimentID = experimentID
}

// sent notes that a create call is about to leave.
func (e *Entry) sent(slot load.Slot, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &e.runs[slot.Index]
	r.Slot, r.Name, r.Planned, r.Sent = slot.Index, name, slot.Planned, e.target.now()
	r.stage = creating
	e.lastSent = r.Sent
}

func (e *Entry) sentLast() time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lastSent
}

// answered notes how a create call ended: with a run, or with an error class.
func (e *Entry) answered(slot int, next stage, id, class string, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &e.runs[slot]
	r.stage, r.ID, r.Error = next, id, class
	if id != "" {
		r.Created = now
	}
	e.createMax = max(e.createMax, now.Sub(r.Sent))
}

// adopted notes that a run of unknown fate was found under its name.
func (e *Entry) adopted(slot int, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.runs[slot].ID = id
	e.runs[slot].stage = following
}

// saw notes what the server said of a run and reports whether there is more to wait for.
func (e *Entry) saw(slot int, seen kfp.Run, now time.Time) (more bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase == Done {
		return false
	}
	r := &e.runs[slot]
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
	e.settle(r, ended)
	return false
}

// gaveUp notes that nothing more will be learnt of a run.
func (e *Entry) gaveUp(slot int, last stage) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.phase != Done {
		e.settle(&e.runs[slot], last)
	}
}

// settle gives a run its last stage and wakes drain. The lock is held.
func (e *Entry) settle(r *run, last stage) {
	r.stage = last
	select {
	case e.changed <- struct{}{}:
	default: // a token is there already
	}
}
