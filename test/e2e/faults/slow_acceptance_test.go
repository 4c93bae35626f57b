//go:build e2e && slow && !multiuser

package faults

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestSlowLargeResultsAcrossRestarts(t *testing.T) {
	f := meet(t, "kube-apiserver killed during each of 10 collections of 50 MB, back after 5 s")
	for range 10 {
		collectedAcrossARestart(t, f)
	}
}

func TestSlowPluginKilledAtRandomMoments(t *testing.T) {
	f := meet(t, "plugin killed by SIGKILL at 20 random moments, collect from another folder")
	killedAndCollected(t, f, 20)
}

// TestSlowFiftyDetachedRuns starts as many as it can, one after the other, and collects what each left.
func TestSlowFiftyDetachedRuns(t *testing.T) {
	f := meet(t, "50 detached runs at once")
	const runs = 50
	namespace := drive.NewNamespace(t)
	file := reading(t, time.Second, "2/s")
	var ids []string
	for range runs {
		launched := drive.Run(t, namespace, file, "--detach", "--resources", "cpu=10m,memory=32Mi")
		launched.Expect(t, drive.ExitDone)
		ids = append(ids, strings.TrimSpace(launched.Stdout))
	}
	f.row.Noticed = fmt.Sprintf("started within %s", time.Since(f.struck).Round(time.Second))
	for _, id := range ids {
		done := drive.Kfpperf(t, "attach", id, "-n", namespace, "--start-timeout", "10m")
		done.Expect(t, drive.ExitDone)
		if document := done.Result(t); document.RunID != id || document.Verdict.Status != result.Passed {
			t.Errorf("run %s left the result of %s: %+v", id, document.RunID, document.Verdict)
		}
	}
	f.row.Result, f.row.Verdict = complete, string(result.Passed)
	drive.Eventually(t, 2*time.Minute, "nothing labelled as ours", func() (bool, string) {
		left := drive.Kubectl(t, "get", "jobs,pods,configmaps", "-n", namespace, "-o", "name", "-l", "app.kubernetes.io/managed-by=kubectl-kfpperf")
		return left == "", left
	})
	for _, id := range ids {
		nothingInKFP(t, id)
	}
}
