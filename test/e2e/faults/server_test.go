//go:build e2e && !multiuser

package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// kfpServer is the pod of KFP's server.
func kfpServer(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(drive.Kubectl(t, "get", "pods", "-n", drive.KFPNamespace, "-l", "app=ml-pipeline", "-o", "jsonpath={.items[0].metadata.name}"))
}

func TestKFPServerKilledUnderLoad(t *testing.T) {
	f := meet(t, "KFP's API server killed and restarted under load")
	t.Cleanup(func() {
		drive.Kubectl(t, "rollout", "status", "deployment/ml-pipeline", "-n", drive.KFPNamespace, "--timeout=2m")
	})
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, starting(t, 12*time.Second, 24))
	runningPod(t, namespace)
	time.Sleep(5 * time.Second)
	killContainer(t, drive.KFPNamespace, kfpServer(t), "ml-pipeline-api-server")
	done := drive.Finish(t, call)
	f.row.Noticed = "calls that failed are counted, and what they said is in the result"
	document := f.ends(done, namespace, ending{code: drive.ExitDone, result: complete, verdict: "passed"})
	if c := document.Entries[0].Counts; c.Succeeded+c.Failed+c.NotStarted != c.Planned {
		t.Errorf("counts %+v", c)
	}
}
