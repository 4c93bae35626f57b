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
	APIVersion = "kfpperf.io/v1alpha2"
	Kind       = "Result"
	// before is the version before, which is read, too.
	before = "kfpperf.io/v1alpha1"
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
	// Tenancy says whose part of the scenario this is; absent where the scenario names no namespaces.
	Tenancy *Tenancy `json:"tenancy,omitempty"`
	// Server is the KFP that was measured.
	Server Server `json:"server"`
	// Started and Finished are the worker's clock, at the first and after the last entry.
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Speed is how many times as fast the scenario's time ran; absent when it did not. The times of calls are
	// never scaled.
	Speed float64 `json:"speed,omitempty"`
	// Interrupted says that the run was ended before its scenario was.
	Interrupted bool `json:"interrupted,omitempty"`
	// Partial says that the worker died before its run ended: this is what it had written by Finished.
	Partial bool `json:"partial,omitempty"`
	// PollInterval is the longest time between two looks at a run's state, hence the error of
	// everything that is "first seen".
	PollInterval scenario.Duration `json:"pollInterval"`
	// Entries are the scenario's entries, in its order.
	Entries []Entry `json:"entries"`
	// API holds each operation's calls, over all entries but their warm-ups, in the order of their names.
	API []metrics.Operation `json:"api"`
	// Own holds what this tool asked on its own account: the server's health, and the states of runs.
	Own []metrics.Operation `json:"own,omitempty"`
	// Follow is what it cost to follow the runs.
	Follow Follow `json:"follow"`
	// Environment is where the run took place.
	Environment Environment `json:"environment"`
	// Resources is what was used meanwhile.
	Resources Resources `json:"resources"`
	// ServerCounts are what KFP's API server counted meanwhile, at most 500 of them.
	ServerCounts []ServerCount `json:"serverCounts,omitempty"`
	// NotMeasured lists what could not be measured.
	NotMeasured []Gap `json:"notMeasured,omitempty"`
	// Thresholds are the conditions of the scenario, in its order, those of the document first.
	Thresholds []Outcome `json:"thresholds,omitempty"`
	// Cleanup is what became of what the run made in KFP; absent in results of releases that deleted nothing.
	Cleanup *Cleanup `json:"cleanup,omitempty"`
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
	Hash string `json:"hash"`
	// Seed is what everything random of the run follows from.
	Seed       uint64               `json:"seed"`
	Entries    []scenario.Entry     `json:"entries"`
	Thresholds []scenario.Threshold `json:"thresholds,omitempty"`
}

// Server is the KFP that was measured.
type Server struct {
	URL       string `json:"url"`
	Version   string `json:"version,omitempty"`
	MultiUser bool   `json:"multiUser"`
	// Store is where it keeps pipelines, such as database or kubernetes; empty for servers that do not tell.
	Store string `json:"store,omitempty"`
	// Sandbox says that it was this tool's embedded server, whose figures say nothing about KFP.
	Sandbox bool `json:"sandbox,omitempty"`
	// Namespace is where the runs were made, empty in single-user mode.
	Namespace string `json:"namespace,omitempty"`
	// Identity is who the worker was there, such as system:serviceaccount:team-a:default-editor; empty in
	// single-user mode.
	Identity string `json:"identity,omitempty"`
}
