//go:build e2e && !multiuser

package e2e

import (
	"syscall"
	"testing"
	"time"
)

// TestScheduledRuns has three of them at a time, because each takes minutes: one goes on to its end, and in
// the middle the pod of another is told to end, and so is the process of the third. What recurs never stays.
func TestScheduledRuns(t *testing.T) {
	file := scenarioFile(t, "every-minute.json", `{"name": "every-minute", "scenarios": [
		{"mode": "PIPELINE_SCHEDULED_RUN", "cron": "*/1 * * * *", "runTime": 3, "numTimes": 2, "pipelineFileName": "noop.yaml"}],
		"thresholds": ["ticks.double == 0", "ticks.lag.max < 1m"]}`)
	namespace := newNamespace(t)
	whole := start(t, "run", file, "-n", userNamespace, "--image", image(t), "--keep", "all")
	inPod := start(t, "run", file, "-n", namespace, "--image", image(t), "--keep", "all")
	local := start(t, "run", file, "--local", "--kfp-url", kfpURL(t), "--keep", "all")

	time.Sleep(75 * time.Second) // a minute has begun, so there is something to leave behind
	kubectl(t, "delete", "pods", "--all", "-n", namespace, "--wait=false")
	if err := local.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	gone := finish(t, inPod)
	if gone.code != exitInvalid { // the result of what was done may come home just in time
		gone.expect(t, exitNoStart, "the pod of the run is gone")
	}
	nothingRecurs(t, experimentNamed(t, gone.runID(t)+"-1"))

	cut := finish(t, local)
	cut.expect(t, exitInvalid, "interrupted")
	document := cut.result(t)
	if s := document.Entries[0].Schedule; !document.Interrupted || s == nil || s.Left != 0 || s.RecurringRuns != 2 || s.Fired == 0 {
		t.Errorf("interrupted %t, schedule %+v", document.Interrupted, s)
	}
	nothingRecurs(t, document.Entries[0].ExperimentID)

	done := finish(t, whole)
	done.expect(t, exitDone, "0 */1 * * * *", "✓ ticks.double == 0")
	entry := done.result(t).Entries[0]
	agreesWithTheServer(t, entry)
	nothingRecurs(t, entry.ExperimentID)
	nothingIsLeft(t, userNamespace, done.runID(t))
}
