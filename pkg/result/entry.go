package result

import (
	"fmt"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Succeeded is the state of a run that did what it should; every other terminal state counts as failed.
const Succeeded = "SUCCEEDED"

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
	// Runs are the single runs, in the order of their slots; slots that never started are left out.
	Runs []Run `json:"runs,omitempty"`
}

// Name returns what people call the entry: its place from 1, its mode and its pipeline.
func (e Entry) Name() string {
	name := fmt.Sprintf("entry %d (%s", e.Index+1, e.Mode)
	if e.Pipeline != "" {
		name += " " + e.Pipeline
	}
	return name + ")"
}

// Durations returns, shortest first, how long the succeeded runs took by the server's clock, from
// created to finished. They are whole seconds: print no fractions of them. Runs without both times are
// left out.
func (e Entry) Durations() []time.Duration {
	var durations []time.Duration
	for _, r := range e.Runs {
		if r.State == Succeeded && !r.ServerCreated.IsZero() && !r.ServerFinished.IsZero() {
			durations = append(durations, r.ServerFinished.Sub(r.ServerCreated))
		}
	}
	slices.Sort(durations)
	return durations
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
	// ID is the server's; empty when the create call gave none and no run of that name was found.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	// Planned, Sent and Created are when the create call was due, was sent, and was answered with a
	// run.
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
	// Error is the class of the create call's error, such as "http 500" or "timeout". Beside an ID it
	// means that the call had no answer and that the run was then found by its name.
	Error string `json:"error,omitempty"`
}
