package cli

import "github.com/kfpperf/kubectl-kfpperf/pkg/handoff"

// event shows what a worker tells, be it in this process or in the cluster. Hello, fatal and finished are
// left to the caller, who knows what they mean for the run.
func (c *console) event(e handoff.Event) {
	switch {
	case e.Type == handoff.EventServer:
		c.done("%s", e.Text)
	case e.Type == handoff.EventProgress && e.Progress != nil:
		c.progress(e.Progress)
	case e.Type == handoff.EventCleaning:
		c.note("  %s", e.Text)
	case e.Type == handoff.EventProgress: // too long for its line, so that only the text came
		c.note("  %s", e.Text)
	case e.Type == handoff.EventProblem && e.Problem != nil:
		c.problem(e.Problem)
	}
}
