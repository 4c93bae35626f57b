package workload

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

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

// due notes when a piece of work that counts was due.
func (e *Entry) due(planned time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.counting.IsZero() || planned.Before(e.counting) {
		e.counting = planned
	}
}

// settleActivity notes for how long work that counts went on, now that the last of it has ended. Of a schedule
// it is all of the time behind the warm-up, since the server makes the work.
func (e *Entry) settleActivity() {
	e.mu.Lock()
	defer e.mu.Unlock()
	from := e.counting
	if e.mode.byServer {
		from = e.began
		if w := e.spec.WarmUp; w != nil {
			from = from.Add(time.Duration(w.Time))
		}
	}
	if !from.IsZero() {
		e.outcome.Active = scenario.Duration(max(e.target.now().Sub(from), 0).Round(time.Millisecond))
	}
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

// letGo ends the waiting for runs, whose ends are still noted until close.
func (e *Entry) letGo() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.book.release()
}

// sent notes that a create call is about to leave.
func (e *Entry) sent(s slot, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := &run{
		Run:   result.Run{Slot: s.Index, Name: name, Planned: s.Planned, Sent: e.target.now(), WarmUp: s.warm},
		stage: creating, settle: s.done,
	}
	e.add(r)
}

// found notes a run that the server made on its own.
func (e *Entry) found(seen result.Run) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.add(&run{Run: seen, stage: following, settle: func() {}}) // no slot waits for it
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
	e.move(slot, next)
}

// adopted notes that a run of unknown fate was found under its name.
func (e *Entry) adopted(slot int, id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.adoptions++
		e.book.runs[slot].ID = id
		e.move(slot, following)
	}
}

// gaveUp notes that nothing more will be learnt of a run.
func (e *Entry) gaveUp(slot int, last stage) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.book.runs[slot]
	switch {
	case e.closed:
	case r.settle != nil:
		e.move(slot, last)
	case !r.detailed: // it had ended, and only the ends of its tasks were awaited
		e.book.detailing--
		e.retire(r)
	}
}

// add takes a run on. The lock is held.
func (e *Entry) add(r *run) {
	e.book.add(r)
	planned, sent := r.Planned, r.Sent
	if e.mode.byServer { // these are of the server's clock
		planned, sent = r.Created, r.Created
	}
	e.load.Sent(e.since(planned), e.since(sent))
}

// move puts a run into another stage. The lock is held.
func (e *Entry) move(slot int, next stage) {
	e.book.move(slot, next)
	switch r := e.book.runs[slot]; next {
	case succeeded, failed:
		e.book.detailing++
	case refused, vanished:
		e.load.Ended(e.since(e.target.now()))
		e.retire(r)
	}
}
