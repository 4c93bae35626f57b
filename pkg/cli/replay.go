package cli

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// replay takes what a worker said before somebody came to follow it: of the progress only the last is of use, and of
// the lines of its own log none.
type replay struct {
	// began is the worker's time of the first progress, and last the last one.
	began time.Time
	last  handoff.Event
	lines int
}

// swallow takes an event, and reports whether it was progress, which waits for the end of the replay.
func (p *replay) swallow(e handoff.Event) bool {
	if e.Type != handoff.EventProgress {
		return false
	}
	if p.began.IsZero() {
		p.began = e.Time
	}
	p.last = e
	return true
}

// caughtUp ends the replay: what stands now is shown.
func (j *clusterJob) caughtUp() {
	p := j.replay
	if j.replay = nil; p == nil {
		return
	}
	if p.lines > 0 {
		j.console.note("  %s", tagged(j.tag, count(p.lines, "earlier line", "earlier lines")+" of the worker's own log: "+j.command("logs")))
	}
	if p.last.Type != "" {
		j.console.began(time.Now().Add(-p.last.Time.Sub(p.began)))
		j.console.event(taggedEvent(j.tag, p.last))
	}
}

// line shows what is no event of the worker's.
func (j *clusterJob) line(text string) {
	if j.replay != nil {
		j.replay.lines++
		return
	}
	j.console.note("  %s", tagged(j.tag, text))
}
