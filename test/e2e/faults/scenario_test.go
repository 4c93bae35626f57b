//go:build e2e && !multiuser

package faults

import (
	"fmt"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// reading is a scenario that reads from KFP for a while and so ends when it should, whatever becomes of the rest.
func reading(t *testing.T, lasts time.Duration, rate string) string {
	t.Helper()
	return drive.ScenarioFile(t, "reading.json", fmt.Sprintf(`[{"mode": "RANDOM_GETS", "runTime": %q, "load": {"rate": %q},
		"reads": {"weights": {"ListExperiments": 1}}}]`, lasts, rate))
}

// starting is a scenario that starts runs for a while, which end a few seconds later.
func starting(t *testing.T, lasts time.Duration, runs int) string {
	t.Helper()
	return drive.ScenarioFile(t, "starting.json", fmt.Sprintf(`[{"mode": "PIPELINE_RUN", "runTime": %q, "load": {"rate": %q},
		"drain": "2m", "pipelineFileName": "noop.yaml"}]`, lasts, fmt.Sprintf("%.2f/s", float64(runs)/lasts.Seconds())))
}
