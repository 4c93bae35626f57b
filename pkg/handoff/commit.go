package handoff

import (
	"encoding/json"
	"fmt"
	"strings"
)

// MaxCommit is how long a commit record may be. The kubelet keeps 4 KiB of a container's termination
// message, 12 KiB over all containers of a pod.
const MaxCommit = 1 << 10

// TerminationLog is where the kubelet reads a container's termination message.
const TerminationLog = "/dev/termination-log"

// Commit is the record that ends a run: the termination message of the results container. A log
// without it, or one that does not match it, is no result.
type Commit struct {
	Protocol int    `json:"protocol"`
	RunID    string `json:"runID"`
	// Verdict is the result's; empty when there is none.
	Verdict string `json:"verdict,omitempty"`
	// Bytes, SHA256 and Chunks describe what the container printed; Chunks is 0 when it printed none.
	Bytes  int    `json:"bytes,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Chunks int    `json:"chunks,omitempty"`
	// Partial says that the runner did not live to write its result: what there is, is its last checkpoint.
	Partial bool `json:"partial,omitempty"`
	// Problem says why there is no result, or why it is partial.
	Problem *Problem `json:"problem,omitempty"`
}

// Encode returns the record as JSON of at most MaxCommit bytes; a problem is cut to fit.
func (c Commit) Encode() ([]byte, error) {
	for {
		encoded, err := json.Marshal(c)
		if err != nil {
			return nil, fmt.Errorf("encoding the commit record: %w", err)
		}
		if len(encoded) <= MaxCommit {
			return encoded, nil
		}
		if c.Problem == nil {
			return nil, fmt.Errorf("the commit record of %s is longer than %d bytes", c.RunID, MaxCommit)
		}
		c.Problem = c.Problem.halved()
	}
}

// Carrying returns the record for a parcel that was printed.
func (c Commit) Carrying(verdict string, p Parcel) Commit {
	c.Verdict, c.Bytes, c.SHA256, c.Chunks = verdict, p.Bytes, p.SHA256, p.Frames()
	return c
}

// halved cuts the longest part of a problem in two; a problem with nothing left to cut becomes nil.
func (p *Problem) halved() *Problem {
	cut := *p
	longest := &cut.Evidence
	for _, part := range []*string{&cut.Remedy, &cut.Cause} {
		if len(*part) > len(*longest) {
			longest = part
		}
	}
	if len(*longest) < 2*len("…") {
		return nil
	}
	*longest = strings.ToValidUTF8((*longest)[:len(*longest)/2], "") + "…"
	return &cut
}

// ParseCommit reads a termination message.
func ParseCommit(message string) (Commit, error) {
	var c Commit
	if len(message) > MaxCommit {
		return c, fmt.Errorf("a commit record has at most %d bytes, this one %d", MaxCommit, len(message))
	}
	if err := json.Unmarshal([]byte(message), &c); err != nil {
		return c, fmt.Errorf("the termination message of the results container is no commit record: %w", err)
	}
	if c.RunID == "" {
		return c, fmt.Errorf("the commit record names no run")
	}
	return c, nil
}
