package cli

import (
	"os"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

// sources are where scenarios and pipelines are looked for, the shipped ones included.
func sources(pipelinesDir string) scenario.Sources {
	return scenario.Sources{PipelinesDir: pipelinesDir, Shipped: scenarios.FS}
}

// loadScenario reads a scenario and its pipelines.
func loadScenario(file, pipelinesDir string) (*scenario.Document, error) {
	return scenario.Load(file, sources(pipelinesDir))
}

// scenarioFiles returns a file as it is, and the scenarios of a folder.
func scenarioFiles(path string) ([]string, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return scenario.InFolder(path)
	}
	return []string{path}, nil // what is no file may be a shipped scenario
}
