package workload

import "strings"

// mark begins the description of everything that runs make in Kubeflow Pipelines.
const mark = "made by kubectl-kfpperf run "

// Mark returns the description of what a run makes. It tells what is ours from what is only called so: nothing
// without it is ever deleted.
func Mark(runID string) string { return mark + runID }

// RunOf returns the id of the run that made something with a description; false when none did.
func RunOf(description string) (runID string, ours bool) { return strings.CutPrefix(description, mark) }
