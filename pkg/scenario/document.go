// Package scenario reads the scenario document: which load to put on Kubeflow Pipelines (KFP), when
// and how often. It is strict, names file, line and column of every fault, and reports all faults of
// a file at once. It refuses to talk to a network, to run anything and to guess what was meant.
package scenario

// Mode says what an entry does to KFP. The names are those of the KFP performance-test framework.
type Mode string

// The modes of the framework.
const (
	PipelineRun          Mode = "PIPELINE_RUN"
	Experiment           Mode = "EXPERIMENT"
	RandomGets           Mode = "RANDOM_GETS"
	PipelineUpload       Mode = "PIPELINE_UPLOAD"
	PipelineScheduledRun Mode = "PIPELINE_SCHEDULED_RUN"
)

// DefaultPipeline is the shipped pipeline that an entry uses when it names none.
const DefaultPipeline = "add_numbers.yaml"

// Document is a scenario file that passed validation, with defaults filled in.
type Document struct {
	// Name is the file's base name without its extension; run ids are made from it.
	Name string
	// Entries run concurrently, in the order of the file.
	Entries []Entry
	// Pipelines holds each pipeline package that an entry names, by pipelineFileName.
	Pipelines map[string][]byte
}

// Entry is one element of the document's array.
type Entry struct {
	// Mode says what is done.
	Mode Mode `json:"mode"`
	// StartTime is the delay from the beginning of the run to the entry's first action.
	StartTime Duration `json:"startTime"`
	// RunTime bounds, from StartTime on, when new work may start; what runs then is awaited.
	RunTime Duration `json:"runTime"`
	// NumTimes is how often the mode's action is done; at least 1.
	NumTimes int `json:"numTimes"`
	// PipelineFileName names a key of Document.Pipelines; empty where the mode needs none.
	PipelineFileName string `json:"pipelineFileName,omitempty"`
	// Params are the run's parameters as the server gets them.
	Params map[string]any `json:"params,omitempty"`
	// Cron is the schedule of PIPELINE_SCHEDULED_RUN.
	Cron string `json:"cron,omitempty"`
}
