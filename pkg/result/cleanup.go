package result

import (
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Keep is what of a run stays in KFP when it is over. Recurring runs never do.
type Keep string

const (
	// KeepFailed keeps the runs that did not succeed, with their experiment and their pipeline.
	KeepFailed Keep = "failed"
	// KeepNone keeps nothing; runs under way are terminated.
	KeepNone Keep = "none"
	// KeepAll keeps everything.
	KeepAll Keep = "all"
)

// ParseKeep reads a Keep.
func ParseKeep(text string) (Keep, error) {
	switch k := Keep(text); k {
	case KeepFailed, KeepNone, KeepAll:
		return k, nil
	}
	return "", fmt.Errorf("%q is none of failed, none and all", text)
}

// MostLeft is how many of the things that are left a document names.
const MostLeft = 100

// Cleanup is what became of what the run made in KFP.
type Cleanup struct {
	Keep Keep `json:"keep"`
	// Namespace is the run's, for who removes what is left; in KFP it means something in multi-user mode only.
	Namespace string `json:"namespace,omitempty"`
	// Deleted is what is gone. Kept is what stays because of Keep; absent where nobody counted.
	Deleted Things  `json:"deleted"`
	Kept    *Things `json:"kept,omitempty"`
	// Left are at most MostLeft of the things that should be gone and are not; LeftTotal counts all of them.
	Left      []Thing `json:"left,omitempty"`
	LeftTotal int     `json:"leftTotal,omitempty"`
	// Took is how long it went on.
	Took scenario.Duration `json:"took"`
	// Reason is why not all is gone that should be, or why that is not known, a sentence without a final stop;
	// empty where all is.
	Reason string `json:"reason,omitempty"`
}

// Complete reports whether all is gone that should be. Of a document without a Cleanup nothing is expected.
func (c *Cleanup) Complete() bool { return c == nil || c.LeftTotal == 0 && c.Reason == "" }

// Things counts what KFP keeps, by kind.
type Things struct {
	Runs          int `json:"runs"`
	RecurringRuns int `json:"recurringRuns"`
	Experiments   int `json:"experiments"`
	Pipelines     int `json:"pipelines"`
	Versions      int `json:"versions"`
}

// Total is how many there are of all kinds.
func (t Things) Total() int {
	return t.Runs + t.RecurringRuns + t.Experiments + t.Pipelines + t.Versions
}

// Of returns where the things of a kind are counted; nil for another kind.
func (t *Things) Of(kind ThingKind) *int {
	switch kind {
	case RunThing:
		return &t.Runs
	case RecurringRunThing:
		return &t.RecurringRuns
	case ExperimentThing:
		return &t.Experiments
	case PipelineThing:
		return &t.Pipelines
	case VersionThing:
		return &t.Versions
	}
	return nil
}

// ThingKind says what a thing in KFP is.
type ThingKind string

// The kinds of things.
const (
	RunThing          ThingKind = "run"
	RecurringRunThing ThingKind = "recurringrun"
	ExperimentThing   ThingKind = "experiment"
	PipelineThing     ThingKind = "pipeline"
	VersionThing      ThingKind = "pipelineversion"
)

// Thing is one thing in KFP.
type Thing struct {
	Kind ThingKind `json:"kind"`
	ID   string    `json:"id"`
	Name string    `json:"name"`
}
