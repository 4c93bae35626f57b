package handoff

// Status is what came out of a check.
type Status string

// What comes out of checks.
const (
	// Passed is what a run needs and has.
	Passed Status = "pass"
	// Failed is what a run needs and has not.
	Failed Status = "fail"
	// Unknown is what could not be looked at. It stops no run.
	Unknown Status = "unknown"
)

// ProbeVerdict stands in the commit record of a probe, whose content is an array of checks.
const ProbeVerdict = "probe"

// CleanVerdict stands in the commit record of a worker that cleans, whose content is an array of what became of the
// leavings of runs.
const CleanVerdict = "clean"

// Check is one precondition of a run, and how it stands. The worker of a probe makes some, the CLI the others.
type Check struct {
	// Name is what it is about, a few words.
	Name   string `json:"name"`
	Status Status `json:"status"`
	// Cause is a sentence without a final stop of why it failed; only a failure has one.
	Cause string `json:"cause,omitempty"`
	// Evidence is what was seen.
	Evidence string `json:"evidence,omitempty"`
	// Remedy is what to do where it did not pass, a sentence.
	Remedy string `json:"remedy,omitempty"`
}

// Pass returns a check that passed.
func Pass(name, evidence string) Check { return Check{Name: name, Status: Passed, Evidence: evidence} }

// Doubt returns a check whose outcome nobody knows.
func Doubt(name, evidence, remedy string) Check {
	return Check{Name: name, Status: Unknown, Evidence: evidence, Remedy: remedy}
}

// Fail returns a check that failed.
func Fail(name string, p *Problem) Check {
	return Check{Name: name, Status: Failed, Cause: p.Cause, Evidence: p.Evidence, Remedy: p.Remedy}
}

// Problem is a failure as a run tells it.
func (c Check) Problem() *Problem {
	return &Problem{Cause: c.Cause, Evidence: c.Evidence, Remedy: c.Remedy}
}
