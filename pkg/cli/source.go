package cli

import (
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

// loadScenario reads a scenario and its pipelines, the shipped ones included.
func loadScenario(file, pipelinesDir string) (*scenario.Document, error) {
	return scenario.Load(file, scenario.Sources{PipelinesDir: pipelinesDir, Shipped: scenarios.FS})
}
