//go:build e2e && !multiuser

package e2e

import (
	"syscall"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestScheduledRuns has three of them at a time, because each takes minutes: one goes on to its end, and in
// the middle the pod of another is told to end, and so is the process of the third. What recurs never stays.
func TestScheduledRuns(t *testing.T) {
	t.Parallel()
	file := drive.ScenarioFile(t, "every-minute.json", `{"name": "every-minute", "scenarios": [
		{"mode": "PIPELINE_SCHEDULED_RUN", "cron": "*/1 * * * *", "runTime": 3, "numTimes": 2, "pipelineFileName": "noop.yaml"}],
		"thresholds": ["ticks.double == 0", "ticks.lag.max < 1m"]}`)
	namespace := drive.NewNamespace(t)
	whole := drive.StartRun(t, drive.UserNamespace, file, "--keep", "all")
	inPod := drive.StartRun(t, namespace, file, "--keep", "all")
	local := drive.Start(t, "run", file, "--local", "--kfp-url", drive.KFPURL(t), "--keep", "all")

	time.Sleep(75 * time.Second) // a minute has begun, so there is something to leave behind
	drive.Kubectl(t, "delete", "pods", "--all", "-n", namespace, "--wait=false")
	if err := local.Command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	gone := drive.Finish(t, inPod)
	if gone.Code != drive.ExitInvalid { // the result of what was done may come home just in time
		gone.Expect(t, drive.ExitNoStart, "the pod of the run is gone")
	}
	nothingRecurs(t, experimentNamed(t, gone.RunID(t)+"-1"))

	cut := drive.Finish(t, local)
	cut.Expect(t, drive.ExitInvalid, "interrupted")
	document := cut.Result(t)
	if s := document.Entries[0].Schedule; !document.Interrupted || s == nil || s.Left != 0 || s.RecurringRuns != 2 || s.Fired == 0 {
		t.Errorf("interrupted %t, schedule %+v", document.Interrupted, s)
	}
	nothingRecurs(t, document.Entries[0].ExperimentID)

	done := drive.Finish(t, whole)
	done.Expect(t, drive.ExitDone, "0 */1 * * * *", "✓ ticks.double == 0")
	entry := done.Result(t).Entries[0]
	agreesWithTheServer(t, entry)
	nothingRecurs(t, entry.ExperimentID)
	drive.NothingIsLeft(t, drive.UserNamespace, done.RunID(t))
}
