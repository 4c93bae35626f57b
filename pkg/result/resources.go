package result

import "github.com/kfpperf/kubectl-kfpperf/pkg/metrics"

// Resources is what was used while the run went on. What could not be measured is absent, and the document's
// NotMeasured says why.
type Resources struct {
	// Worker is this tool's own process: what the measurement cost.
	Worker *WorkerUse `json:"worker,omitempty"`
	// Components are KFP's pods, by what they are; from metrics.k8s.io, whose figures are about a quarter of a
	// minute old.
	Components []ComponentUse `json:"components,omitempty"`
}

// WorkerUse is what this tool's own process used.
type WorkerUse struct {
	// CPUSeconds is the processor time from the start of the run to its end.
	CPUSeconds float64 `json:"cpuSeconds"`
	// CPULimitMilli is the most it may use, in thousandths of a processor: the limit of its container, else the
	// processors of its machine.
	CPULimitMilli int64 `json:"cpuLimitMilli"`
	// CPUMilli is the processor time between two looks, in thousandths of a processor; absent when the run was
	// shorter than half a second.
	CPUMilli metrics.Gauge `json:"cpuMilli,omitzero"`
	// ThrottledSeconds is how long the kernel held the container back because of its limit; null where there is
	// no such count.
	ThrottledSeconds *float64 `json:"throttledSeconds"`
	// MemoryBytes is the resident memory.
	MemoryBytes metrics.Gauge `json:"memoryBytes"`
	// MemoryLimitBytes is the limit of its container; null without one.
	MemoryLimitBytes *int64 `json:"memoryLimitBytes"`
	// CPUs is how many threads may run Go code at once (GOMAXPROCS).
	CPUs int `json:"cpus"`
}

// ComponentUse is what the pods of one component of KFP used, all of them together.
type ComponentUse struct {
	// Name is the pods' label "app", else another that says what they are, else the name of what owns them.
	Name string `json:"name"`
	// Pods is the most that were there at one look.
	Pods int `json:"pods"`
	// CPUMilli and MemoryBytes are absent when metrics.k8s.io had no figure of the time of the run.
	CPUMilli    metrics.Gauge `json:"cpuMilli,omitzero"`
	MemoryBytes metrics.Gauge `json:"memoryBytes,omitzero"`
	// CPULimitMilli and MemoryLimitBytes add up the limits of the containers, when there were most pods; null
	// when one has none.
	CPULimitMilli    *int64 `json:"cpuLimitMilli"`
	MemoryLimitBytes *int64 `json:"memoryLimitBytes"`
	// Restarts of containers between the first look and the last.
	Restarts int `json:"restarts"`
}

// ServerCount is a count that KFP's API server keeps of itself (its /metrics), over the time of the run.
type ServerCount struct {
	// Name and Labels are Prometheus's.
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels,omitempty"`
	// Count is how much a counter grew, or how many observations a histogram or summary had.
	Count float64 `json:"count"`
	// SumSeconds is what the observations of a histogram or summary in seconds add up to; null for others.
	SumSeconds *float64 `json:"sumSeconds"`
}

// Environment is where the run took place.
type Environment struct {
	// Kubernetes is the version of the cluster's API server; empty when it was not asked.
	Kubernetes string `json:"kubernetes,omitempty"`
	// Nodes are at most 100, in the order of their names.
	Nodes []Node `json:"nodes,omitempty"`
	// Node is where the worker's pod ran, ImageDigest what it ran; both empty outside a pod.
	Node        string `json:"node,omitempty"`
	ImageDigest string `json:"imageDigest,omitempty"`
	// Flags are those that were set, without secrets, in the order of their names.
	Flags []string `json:"flags,omitempty"`
	// Clock is how far the server's clock is ahead of the worker's; null when no answer had a date.
	Clock *metrics.Clock `json:"clock"`
}

// Node is a node of the cluster.
type Node struct {
	Name         string `json:"name"`
	Kubelet      string `json:"kubelet"`
	Architecture string `json:"architecture"`
	CPUMilli     int64  `json:"cpuMilli"`
	MemoryBytes  int64  `json:"memoryBytes"`
}

// Gap is something that could not be measured, or not all of it.
type Gap struct {
	// What is a field of the document, such as "resources.components"; several that are missing for the same
	// reason are separated by commas.
	What string `json:"what"`
	// Why is a sentence without a final stop, with what to do where something can be done.
	Why string `json:"why"`
}

// Follow is what it cost to follow the runs.
type Follow struct {
	// Looks are calls that asked for the states of runs; Failed of them failed.
	Looks  int `json:"looks"`
	Failed int `json:"failed,omitempty"`
	// PerSecond is how many there were a second of the run.
	PerSecond float64 `json:"perSecond"`
}
