//go:build e2e && !multiuser

package faults

import (
	"fmt"
	"strings"
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

// chatty is a scenario of many entries, of which each makes every line of progress longer, and each call another line of
// a log at level debug: 30 KB/s or so, with no more calls than any server answers in time.
func chatty(t *testing.T, entries int, lasts time.Duration) string {
	t.Helper()
	entry := fmt.Sprintf(`{"mode": "RANDOM_GETS", "runTime": %q, "load": {"rate": "3/s"}, "reads": {"weights": {"ListExperiments": 1}}}`, lasts)
	return drive.ScenarioFile(t, "chatty.json", "["+strings.Repeat(entry+",", entries-1)+entry+"]")
}
