package result

import (
	"fmt"
	"strings"
)

// Status of a verdict.
type Status string

// The verdicts of a run that has a result.
const (
	// Passed says that the scenario was run to its end, something succeeded in every entry and every
	// threshold was met. It does not say that every run succeeded: the counts do.
	Passed Status = "passed"
	// Failed says that an entry failed as a whole, that nothing succeeded in it, or that a threshold was not
	// met.
	Failed Status = "failed"
	// Invalid says that the figures do not mean what they should: the scenario was not run to its end, the
	// load was less than it asked for, the worker could not keep up, or there is too little to judge a threshold
	// by.
	Invalid Status = "invalid"
)

// Verdict is the run in one word.
type Verdict struct {
	Status Status `json:"status"`
	// Reasons say why it is not Passed, a sentence each without a final stop.
	Reasons []string `json:"reasons,omitempty"`
}

// Judge returns the verdict of a document: of its thresholds, of what became of its entries, and of the
// measurement itself. Of a run that did not come to its end it does not say that nothing succeeded: nothing had the time to.
func Judge(d *Document) Verdict {
	if d.Interrupted || d.Partial {
		verdict := Verdict{Status: Invalid, Reasons: []string{"the run was interrupted before its scenario ended"}}
		if d.Partial {
			verdict.Reasons = []string{"the worker died before its run ended, and this is what it had written by then"}
		}
		for _, e := range d.Entries {
			if e.Failure != "" {
				verdict.Reasons = append(verdict.Reasons, e.Name()+": "+e.Failure)
			}
		}
		return verdict
	}
	verdict := Verdict{Status: Passed}
	for _, e := range d.Entries {
		if e.droppedTooMuch() {
			verdict.add(Invalid, fmt.Sprintf("%s: %d of %d %s (%.1f %%) were dropped, so the load was less than asked for",
				e.Name(), e.Counts.Dropped, e.Counts.Planned, e.Work(), 100*float64(e.Counts.Dropped)/float64(e.Counts.Planned)))
		}
		if reason := e.fault(); reason != "" {
			verdict.add(Failed, e.Name()+": "+reason)
		}
	}
	verdict.judgeMeasurement(d)
	verdict.judgeThresholds(d.Thresholds)
	return verdict
}

// judgeThresholds adds the thresholds that are not met, and those that nothing can be said of.
func (v *Verdict) judgeThresholds(outcomes []Outcome) {
	for _, o := range outcomes {
		if o.Doubt != "" {
			v.add(Invalid, o.subject()+" cannot be judged: "+o.Doubt)
		} else if !o.Met {
			v.add(Failed, o.subject()+" is not met")
		}
	}
}

// add adds a reason. Invalid stays invalid: figures that mean nothing fail nothing.
func (v *Verdict) add(status Status, reason string) {
	if v.Status != Invalid {
		v.Status = status
	}
	v.Reasons = append(v.Reasons, reason)
}

func (e Entry) droppedTooMuch() bool {
	return float64(e.Counts.Dropped) > mostDropped*float64(e.Counts.Planned)
}

// subject names the threshold in a reason.
func (o Outcome) subject() string {
	subject := fmt.Sprintf("threshold %q", o.Threshold.Text)
	if o.Entry > 0 {
		subject = fmt.Sprintf("entry %d: %s", o.Entry, subject)
	}
	return subject
}

// fault returns why the entry fails a run that was not interrupted, or nothing.
func (e Entry) fault() string {
	c := e.Counts
	switch {
	case e.Failure != "":
		return e.Failure
	case c.Succeeded > 0:
		return ""
	case e.Schedule != nil && e.Schedule.Fired == 0:
		return fmt.Sprintf("its schedule made no run (%d were expected)", e.Schedule.Expected)
	case c.Planned == 0:
		return "its load asked for nothing"
	case c.NotStarted == c.Planned:
		return fmt.Sprintf("none of its %d %s could start within its runTime", c.Planned, e.Work())
	}
	return fmt.Sprintf("none of its %d %s succeeded (%s)", c.Planned, e.Work(), c.unsuccessful())
}

// unsuccessful lists the counts other than Succeeded that are not zero.
func (c Counts) unsuccessful() string {
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{c.Failed, "failed"}, {c.Errors, "not created"}, {c.Unfinished, "unfinished"}, {c.NotStarted, "not started"},
		{c.Dropped, "dropped"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	return strings.Join(parts, ", ")
}
