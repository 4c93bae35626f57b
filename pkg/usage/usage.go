// Package usage is what was used while a run went on: by this process, by the pods of Kubeflow Pipelines
// (KFP), and what KFP's API server counted meanwhile. What cannot be looked at becomes a gap in the result with
// its reason, and never an error of the run. It refuses to judge, and knows neither Kubernetes nor KFP's
// client: it is given functions that ask.
package usage

import (
	"context"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// What can be missing, as a result.Gap names it. Fields that one cause takes away together are one gap.
const (
	whatWorker     = "resources.worker"
	whatComponents = "resources.components"
	// WhatFigures is what the pods of a component use, beside how many there are.
	WhatFigures = "resources.components.cpuMilli, resources.components.memoryBytes"
	whatCounts  = "serverCounts"
	// The others, too, are for those who ask the cluster.
	WhatPods    = whatComponents
	WhatVersion = "environment.kubernetes"
	WhatNodes   = "environment.nodes"
	WhatDigest  = "environment.imageDigest"
	WhatOwnPod  = "environment.node, " + WhatDigest

	whatCluster = WhatVersion + ", " + WhatNodes + ", " + WhatPods
)

// Cluster is how the cluster is asked that KFP runs in. The zero value is none.
type Cluster struct {
	// Pods returns KFP's pods as they are now, and what could not be learnt of them.
	Pods func(context.Context) ([]Pod, []result.Gap)
	// Describe returns the part of the environment that the cluster knows.
	Describe func(context.Context) (result.Environment, []result.Gap)
	// Absent says why there is no cluster to ask, where there is none.
	Absent string
}

// there reports whether there is a cluster to ask.
func (c Cluster) there() bool { return c.Pods != nil && c.Describe != nil }

// Pod is a pod of KFP at one look.
type Pod struct {
	// ID tells pods apart that had the same name one after the other.
	ID string
	// Component is what the pod is, such as ml-pipeline.
	Component string
	// CPULimitMilli and MemoryLimitBytes add up the limits of its containers; nil when one has none.
	CPULimitMilli, MemoryLimitBytes *int64
	// Restarts counts those of its containers since the pod was made.
	Restarts int
	// Figures is what it uses; nil while nothing is known of it.
	Figures *Figures
}

// Figures is what a pod used, as its node measured it a while before it was asked for.
type Figures struct {
	// Taken is when, by the cluster's clock. It is compared with other such times only.
	Taken                 time.Time
	CPUMilli, MemoryBytes int64
}
