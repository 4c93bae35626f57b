package handoff

// Problem tells a person what went wrong in three parts. It crosses from the worker to the CLI, and
// the CLI uses the same shape for what it finds itself.
type Problem struct {
	// Cause is one sentence without a final stop: what went wrong.
	Cause string `json:"cause"`
	// Evidence is what was seen, word for word where a server said it. May be empty.
	Evidence string `json:"evidence,omitempty"`
	// Remedy is what to do about it, a sentence.
	Remedy string `json:"remedy,omitempty"`
}

// Error returns cause and evidence on one line.
func (p *Problem) Error() string {
	if p.Evidence == "" {
		return p.Cause
	}
	return p.Cause + " (" + p.Evidence + ")"
}
