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
