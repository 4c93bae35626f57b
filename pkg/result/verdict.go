package result

import (
	"fmt"
	"strings"
)

// Status of a verdict.
type Status string

// The verdicts of a run that has a result.
const (
	// Passed says that the scenario was run to its end and something succeeded in every entry. It
	// does not say that every run succeeded: the counts do.
	Passed Status = "passed"
	// Failed says that an entry failed as a whole, or that nothing succeeded in it.
	Failed Status = "failed"
	// Invalid says that the scenario was not run to its end, so that the figures mean nothing.
	Invalid Status = "invalid"
)

// Verdict is the run in one word.
type Verdict struct {
	Status Status `json:"status"`
	// Reasons say why it is not Passed, a sentence each without a final stop.
	Reasons []string `json:"reasons,omitempty"`
}

// Judge returns the verdict of a document from its entries and from Interrupted; it looks at nothing
// else. Of an interrupted run it does not say that nothing succeeded: nothing had the time to.
func Judge(d *Document) Verdict {
	if d.Interrupted {
		verdict := Verdict{Status: Invalid, Reasons: []string{"the run was interrupted before its scenario ended"}}
		for _, e := range d.Entries {
			if e.Failure != "" {
				verdict.Reasons = append(verdict.Reasons, e.Name()+": "+e.Failure)
			}
		}
		return verdict
	}
	verdict := Verdict{Status: Passed}
	for _, e := range d.Entries {
		if reason := e.fault(); reason != "" {
			verdict.Status = Failed
			verdict.Reasons = append(verdict.Reasons, e.Name()+": "+reason)
		}
	}
	return verdict
}

// fault returns why the entry fails a run that was not interrupted, or nothing.
func (e Entry) fault() string {
	c := e.Counts
	switch {
	case e.Failure != "":
		return e.Failure
	case c.Succeeded > 0:
		return ""
	case c.NotStarted == c.Planned:
		return fmt.Sprintf("none of its %d runs could start within its runTime", c.Planned)
	}
	return fmt.Sprintf("none of its %d runs succeeded (%s)", c.Planned, c.unsuccessful())
}

// unsuccessful lists the counts other than Succeeded that are not zero.
func (c Counts) unsuccessful() string {
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{c.Failed, "failed"}, {c.Errors, "not created"}, {c.Unfinished, "unfinished"}, {c.NotStarted, "not started"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	return strings.Join(parts, ", ")
}
