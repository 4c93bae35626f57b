package cli

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// When a plain line is due: at once when an entry changes its phase, soon when its counts change, and
// late when nothing does, so that a log grows calmly and nobody takes a long run for a dead one.
const (
	calm   = 5 * time.Second
	lively = 15 * time.Second
)

// toldEntry is what the last plain line said of an entry, and when.
type toldEntry struct {
	entry handoff.EntryProgress
	at    time.Time
}

// tell prints the plain lines that are due; with last, all that say something new. The lock is held.
func (c *console) tell(now time.Time, last bool) {
	if c.told == nil {
		c.told = map[string]toldEntry{}
	}
	for _, e := range c.entries {
		name := entryName(e, false)
		before := c.told[name]
		changed := e != before.entry
		due := e.Phase != before.entry.Phase || e.Failure != before.entry.Failure ||
			changed && (last || now.Sub(before.at) >= calm) ||
			now.Sub(before.at) >= lively && !ended(e)
		if !due {
			continue
		}
		c.told[name] = toldEntry{entry: e, at: now}
		c.tellEntry(now.Sub(c.started), e)
	}
}

// tellEntry writes one entry's record, and its line where it is not redrawn.
func (c *console) tellEntry(elapsed time.Duration, e handoff.EntryProgress) {
	records := c.records
	if e.Namespace != "" {
		records = records.With("namespace", e.Namespace)
	}
	records.Info("progress", "entry", e.Entry+1, "mode", e.Mode, "pipeline", e.Pipeline, "phase", e.Phase,
		"total", e.Total, "succeeded", e.Succeeded, "failed", e.Failed, "errors", e.Errors,
		"inFlight", e.InFlight, "createMaxMs", e.CreateMax.Milliseconds())
	if c.lines && c.width == nil {
		_, _ = fmt.Fprintln(c.out, plainLine(elapsed, e))
	}
}

// ended reports whether nothing more can happen to an entry.
func ended(e handoff.EntryProgress) bool { return e.Phase == string(workload.Done) }
