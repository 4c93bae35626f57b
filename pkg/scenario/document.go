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
	// Name is the document's own, else the file's base name without its extension; run ids are made from
	// it.
	Name string
	// Seed is what everything random of the scenario follows from; 1 unless the document names another.
	Seed uint64
	// Entries run concurrently, in the order of the file.
	Entries []Entry
	// Thresholds hold for all entries together.
	Thresholds []Threshold
	// Pipelines holds each pipeline package that an entry names, by pipelineFileName.
	Pipelines map[string][]byte

	// named says that the document itself has the name.
	named bool
}

// Entry is one element of the document's array. The fields up to Cron are the framework's, the rest is an
// extension of this tool's.
type Entry struct {
	// Mode says what is done.
	Mode Mode `json:"mode"`
	// StartTime is the delay from the beginning of the run to the entry's first action.
	StartTime Duration `json:"startTime"`
	// RunTime bounds, from StartTime on, when new work may start; what runs then is awaited.
	RunTime Duration `json:"runTime"`
	// NumTimes is how often the mode's action is done; at least 1. Beside Load it caps the total, and 0
	// means no cap.
	NumTimes int `json:"numTimes,omitempty"`
	// PipelineFileName names a key of Document.Pipelines; empty where the mode needs none.
	PipelineFileName string `json:"pipelineFileName,omitempty"`
	// Params are the run's parameters as the server gets them.
	Params map[string]any `json:"params,omitempty"`
	// Cron is the schedule of PIPELINE_SCHEDULED_RUN, as the file has it: 5 fields as people mean them, or
	// 6 with seconds first.
	Cron string `json:"cron,omitempty"`

	// Name is what reports call the entry beside its place.
	Name string `json:"name,omitempty"`
	// Labels are passed on to the result.
	Labels map[string]string `json:"labels,omitempty"`
	// Load replaces the mode's own way of spreading its work over time.
	Load *Shape `json:"load,omitempty"`
	// WarmUp is what is done, but not counted, at first.
	WarmUp *WarmUp `json:"warmUp,omitempty"`
	// Drain bounds how long unfinished work is awaited after RunTime; nil leaves it to the caller.
	Drain *Duration `json:"drain,omitempty"`
	// Terminate asks for unfinished runs to be terminated after Drain.
	Terminate bool `json:"terminate,omitempty"`
	// Caching switches KFP's step caching on or off in the uploaded pipeline; nil leaves it as it is.
	Caching *bool `json:"caching,omitempty"`
	// Seed replaces the document's; nil derives one from it and the entry's place.
	Seed *uint64 `json:"seed,omitempty"`
	// Thresholds hold for this entry alone.
	Thresholds []Threshold `json:"thresholds,omitempty"`
	// Reads is the mix of RANDOM_GETS; nil means the default mix.
	Reads *Reads `json:"reads,omitempty"`
	// As says what PIPELINE_UPLOAD makes; empty means AsPipelines.
	As Upload `json:"as,omitempty"`
	// PadTo is how many bytes an uploaded package is padded to; 0 leaves it as it is.
	PadTo int64 `json:"padTo,omitempty"`
	// MaxConcurrency is how many runs of one recurring run may be active at once: 1 to 10, and 10 unless the
	// file says another; 0 in other modes.
	MaxConcurrency int `json:"maxConcurrency,omitempty"`
	// Namespaces are those that the entry's work is spread over, each once; nil means the one of whoever carries
	// the scenario out. NumTimes, Load and WarmUp are of all of them together.
	Namespaces []string `json:"namespaces,omitempty"`
}

// Upload says what PIPELINE_UPLOAD makes of each upload.
type Upload string

// What uploads make.
const (
	AsPipelines Upload = "pipelines"
	AsVersions  Upload = "versions"
)
