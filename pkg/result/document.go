// Package result is the versioned document that a run leaves behind: what was asked, what was
// measured, what was doubtful, and the verdict. It prints nothing and compares nothing.
package result

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// APIVersion and Kind identify the document. The version is raised when a field changes its meaning.
const (
	APIVersion = "kfpperf.io/v1alpha1"
	Kind       = "Result"
)

// Document is the result of one run.
type Document struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// RunID names the run; it is part of every name the run made.
	RunID string `json:"runID"`
	// Tool is the program that measured.
	Tool Tool `json:"tool"`
	// Scenario is what was asked.
	Scenario Scenario `json:"scenario"`
	// Server is the KFP that was measured.
	Server Server `json:"server"`
	// Started and Finished are the worker's clock, at the first and after the last entry.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Interrupted says that the run was ended before its scenario was.
	Interrupted bool `json:"interrupted,omitempty"`
	// PollInterval is the longest time between two looks at a run's state, hence the error of
	// everything that is "first seen".
	PollInterval scenario.Duration `json:"pollInterval"`
	// Entries are the scenario's entries, in its order.
	Entries []Entry `json:"entries"`
	// API holds each operation's calls, over all entries, in the order of their names.
	API []metrics.Operation `json:"api"`
	// Verdict is the run in one word, with reasons.
	Verdict Verdict `json:"verdict"`
	// Warnings are doubts about the measurement.
	Warnings []string `json:"warnings,omitempty"`
}

// Tool is the program that measured.
type Tool struct {
	Version  string `json:"version"`
	Protocol int    `json:"protocol"`
}

// Scenario is what was asked.
type Scenario struct {
	Name string `json:"name"`
	// Hash is that of the canonical form and the pipelines: equal hashes ask for the same load.
	Hash    string           `json:"hash"`
	Entries []scenario.Entry `json:"entries"`
}

// Server is the KFP that was measured.
type Server struct {
	URL       string `json:"url"`
	Version   string `json:"version,omitempty"`
	MultiUser bool   `json:"multiUser"`
	// Namespace is where the runs were made, empty in single-user mode.
	Namespace string `json:"namespace,omitempty"`
}

// Entry is what became of one entry of the scenario.
type Entry struct {
	// Index is the entry's place in the scenario, from 0.
	Index int           `json:"index"`
	Mode  scenario.Mode `json:"mode"`
	// Pipeline is the entry's pipelineFileName; PipelineID and VersionID are the server's.
	Pipeline     string `json:"pipeline,omitempty"`
	PipelineID   string `json:"pipelineID,omitempty"`
	VersionID    string `json:"versionID,omitempty"`
	ExperimentID string `json:"experimentID,omitempty"`
	// Failure is why the entry failed as a whole, such as a refused upload; empty otherwise.
	Failure string `json:"failure,omitempty"`
	// Counts add up: Planned = NotStarted + Errors + Succeeded + Failed + Unfinished.
	Counts Counts `json:"counts"`
	// Runs are the single runs, in the order of their slots.
	Runs []Run `json:"runs,omitempty"`
}

// Counts of an entry's slots.
type Counts struct {
	// Planned is how many runs the entry asked for.
	Planned int `json:"planned"`
	// NotStarted were never sent: the entry failed before, or its runTime was over.
	NotStarted int `json:"notStarted"`
	// Errors are create calls that gave no run.
	Errors int `json:"errors"`
	// Succeeded, Failed (any other terminal state) and Unfinished are runs.
	Succeeded  int `json:"succeeded"`
	Failed     int `json:"failed"`
	Unfinished int `json:"unfinished"`
}

// Run is one slot of an entry. Times are the worker's clock unless they say "server".
type Run struct {
	Slot int `json:"slot"`
	// ID is the server's; empty when the create call gave none.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	// Planned, Sent and Created are when the create call was due, was sent, and was answered.
	Planned time.Time `json:"planned"`
	Sent    time.Time `json:"sent"`
	Created time.Time `json:"created,omitzero"`
	// Running and Terminal are when the state was first seen; late by up to PollInterval.
	Running  time.Time `json:"running,omitzero"`
	Terminal time.Time `json:"terminal,omitzero"`
	// State is the server's last word, such as SUCCEEDED; empty when there was none.
	State string `json:"state,omitempty"`
	// Server's clock, in whole seconds; absent when the server left them unset.
	ServerCreated  time.Time `json:"serverCreated,omitzero"`
	ServerFinished time.Time `json:"serverFinished,omitzero"`
	// Error is the class of the create call's error, such as "http 500" or "timeout".
	Error string `json:"error,omitempty"`
}

// Status of a verdict.
type Status string

// The verdicts of a run that has a result.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Invalid Status = "invalid"
)

// Verdict is the run in one word.
type Verdict struct {
	Status Status `json:"status"`
	// Reasons say why it is not Passed, a sentence each.
	Reasons []string `json:"reasons,omitempty"`
}
