package result

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Succeeded is the state of a run that did what it should; every other terminal state counts as failed.
const Succeeded = "SUCCEEDED"

// Entry is what became of one entry of the scenario.
type Entry struct {
	// Index is the entry's place in the scenario, from 0.
	Index int           `json:"index"`
	Mode  scenario.Mode `json:"mode"`
	// Title and Labels are the scenario's.
	Title  string            `json:"title,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
	// Pipeline is the entry's pipelineFileName; PipelineID and VersionID are the server's.
	Pipeline     string `json:"pipeline,omitempty"`
	PipelineID   string `json:"pipelineID,omitempty"`
	VersionID    string `json:"versionID,omitempty"`
	ExperimentID string `json:"experimentID,omitempty"`
	// Share is the part of the entry that is of this document's namespace; absent where the scenario names no
	// namespaces.
	Share *Share `json:"share,omitempty"`
	// Failure is why the entry failed as a whole, such as a refused upload; empty otherwise.
	Failure string `json:"failure,omitempty"`
	// Counts add up: Planned = NotStarted + Dropped + Errors + Succeeded + Failed + Unfinished. They leave
	// out what WarmUp counts.
	Counts Counts `json:"counts"`
	// Active is for how long work that counts went on: from when the first of it was due to the end of the last,
	// or of the waiting. It is absent where there was none.
	Active scenario.Duration `json:"active,omitempty"`
	// API holds the calls of the entry's own work, in the order of the operations' names.
	API []metrics.Operation `json:"api,omitempty"`
	// WarmUp is what was measured but is not counted; absent without a warm-up.
	WarmUp *WarmUp `json:"warmUp,omitempty"`
	// Load is what was put on over time, beside what was meant to be; in flight is work whose end is awaited.
	Load metrics.Load `json:"load"`
	// Figures are those of the entry's runs, in the order of RunMetrics; absent where the work is calls. Runs of
	// the warm-up are left out.
	Figures []Distribution `json:"figures,omitempty"`
	// Schedule is what became of the schedule of PIPELINE_SCHEDULED_RUN; absent in other modes.
	Schedule *Schedule `json:"schedule,omitempty"`
	// Runs are the single runs, in the order of their slots, those of the warm-up included; slots that
	// never started are left out. Of many runs the first are kept, and some of those that did not succeed.
	Runs []Run `json:"runs,omitempty"`
	// RunsLeftOut counts the runs that are in Counts and Figures only.
	RunsLeftOut int `json:"runsLeftOut,omitempty"`
}

// Name returns what people call the entry: its place from 1, its mode and its pipeline.
func (e Entry) Name() string {
	name := fmt.Sprintf("entry %d (%s", e.Index+1, e.Mode)
	if e.Pipeline != "" {
		name += " " + e.Pipeline
	}
	return name + ")"
}

// Work returns what the pieces of the entry's work are called.
func (e Entry) Work() string {
	switch e.Mode {
	case scenario.RandomGets:
		return "reads"
	case scenario.PipelineUpload:
		return "uploads"
	}
	return "runs"
}

// MakesRuns reports whether the entry's work is runs, and not calls.
func (e Entry) MakesRuns() bool { return e.Work() == Entry{}.Work() }

// Figure returns the figures of the entry's runs under a name; none where the entry has none of that name.
func (e Entry) Figure(name string) metrics.Whole {
	for _, d := range e.Figures {
		if d.Name == name {
			return d.Values
		}
	}
	return metrics.Whole{}
}

// WarmUp is what came before an entry began to count.
type WarmUp struct {
	Counts Counts              `json:"counts"`
	API    []metrics.Operation `json:"api,omitempty"`
}

// Counts of an entry's slots.
type Counts struct {
	// Planned is how many pieces of work the entry asked for: runs, uploads or reads. In a closed loop it
	// is how many there were.
	Planned int `json:"planned"`
	// NotStarted were never sent: the entry failed before, or its runTime was over. Of a long schedule of random
	// arrivals that was cut short it is the number to be expected.
	NotStarted int `json:"notStarted"`
	// Dropped were due while as many were in flight as the entry allows.
	Dropped int `json:"dropped,omitempty"`
	// Errors are calls that failed: create calls that gave no run, uploads, reads.
	Errors int `json:"errors"`
	// Succeeded, Failed (any other terminal state) and Unfinished are runs; uploads and reads only
	// succeed.
	Succeeded  int `json:"succeeded"`
	Failed     int `json:"failed"`
	Unfinished int `json:"unfinished"`
}

// Plus adds counts.
func (c Counts) Plus(other Counts) Counts {
	return Counts{
		Planned: c.Planned + other.Planned, NotStarted: c.NotStarted + other.NotStarted, Dropped: c.Dropped + other.Dropped,
		Errors: c.Errors + other.Errors, Succeeded: c.Succeeded + other.Succeeded, Failed: c.Failed + other.Failed,
		Unfinished: c.Unfinished + other.Unfinished,
	}
}

// Run is one slot of an entry. Times are the worker's clock unless they say "server".
type Run struct {
	Slot int `json:"slot"`
	// ID is the server's; empty when the create call gave none and no run of that name was found.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	// Planned, Sent and Created are when the create call was due, was sent, and was answered with a
	// run. A run by schedule has none: the first two are then when the server created it, and Created when it
	// was first seen.
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
	// FirstTask is when its first pod started, and Persisted when the server wrote its end down; both by the
	// server's clock, in whole seconds, absent where it does not tell.
	FirstTask time.Time `json:"firstTask,omitzero"`
	Persisted time.Time `json:"persisted,omitzero"`
	// Stages are where its time went; null where the server tells too little.
	Stages *Stages `json:"stages"`
	// DetectionSeconds is from Persisted to Terminal, by the server's clock as far as the worker knows it; null
	// where one is not known.
	DetectionSeconds *int64 `json:"detectionSeconds"`
	// Tasks are the user's steps; CachedTasks of them were served from KFP's cache, and RetriedTasks are
	// attempts beyond the first. They are null where the server does not tell.
	Tasks        *int64 `json:"tasks"`
	CachedTasks  *int64 `json:"cachedTasks"`
	RetriedTasks *int64 `json:"retriedTasks"`
	// Impossible counts intervals that cannot be, such as an end before a start.
	Impossible int `json:"impossible,omitempty"`
	// WarmUp says that the run is not counted.
	WarmUp bool `json:"warmUp,omitempty"`
	// RecurringRun is the server's id of what made the run by schedule, and Tick when it should have; zero
	// where no tick could be told.
	RecurringRun string    `json:"recurringRun,omitempty"`
	Tick         time.Time `json:"tick,omitzero"`
	// Error is the class of the create call's error, such as "http 500" or "timeout". Beside an ID it
	// means that the call had no answer and that the run was then found by its name.
	Error string `json:"error,omitempty"`
}

// Stages are the parts of a run's time from created to finished, in whole seconds of the server's clock.
type Stages struct {
	// Queue is until its first pod started.
	Queue int64 `json:"queueSeconds"`
	// Drivers and Executors are the time of those pods on its critical path.
	Drivers   int64 `json:"driverSeconds"`
	Executors int64 `json:"executorSeconds"`
	// Scheduling is between the end of a pod on the critical path and the start of the next, and between the end of
	// the last and that of the pipeline's root.
	Scheduling int64 `json:"schedulingSeconds"`
	// Unattributed is what is left at the end of the run.
	Unattributed int64 `json:"unattributedSeconds"`
}
