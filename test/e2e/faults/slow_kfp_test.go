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

// kfpServer is the pod of KFP's server.
func kfpServer(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(drive.Kubectl(t, "get", "pods", "-n", drive.KFPNamespace, "-l", "app=ml-pipeline", "-o", "jsonpath={.items[0].metadata.name}"))
}

func TestSlowKFPServerKilledUnderLoad(t *testing.T) {
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
	document := f.ends(done, namespace, asIfNothingHappened())
	someFailed(t, document)
}

// starting is a scenario that starts runs for a while, which end a few seconds later.
func starting(t *testing.T, lasts time.Duration, runs int) string {
	t.Helper()
	return drive.ScenarioFile(t, "starting.json", fmt.Sprintf(`[{"mode": "PIPELINE_RUN", "runTime": %q, "load": {"rate": %q},
		"drain": "2m", "pipelineFileName": "noop.yaml"}]`, lasts, fmt.Sprintf("%.2f/s", float64(runs)/lasts.Seconds())))
}

func TestSlowMariaDBStoppedFor30Seconds(t *testing.T) {
	f := meet(t, "MariaDB stopped for 30 s")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, starting(t, 50*time.Second, 25))
	runningPod(t, namespace)
	time.Sleep(5 * time.Second)
	t.Cleanup(func() { daemon(t, "start", "mariadb") })
	daemon(t, "stop", "mariadb")
	time.Sleep(30 * time.Second)
	daemon(t, "start", "mariadb")
	done := drive.Finish(t, call)
	f.row.Noticed = "calls that failed are counted, and what they said is in the result"
	document := f.ends(done, namespace, asIfNothingHappened())
	someFailed(t, document)
}

// someFailed looks for runs of both kinds: such as were created, all of which have ended, and such as could not be.
func someFailed(t *testing.T, d *result.Document) {
	t.Helper()
	if c := d.Entries[0].Counts; c.Errors == 0 || c.Succeeded == 0 || c.Succeeded+c.Failed+c.Errors != c.Planned {
		t.Errorf("counts %+v", c)
	}
}

func TestSlowArgoControllerStopped(t *testing.T) {
	f := meet(t, "Argo controller stopped for 20 s")
	scale := func(replicas string) {
		drive.Kubectl(t, "scale", "deployment/workflow-controller", "-n", drive.KFPNamespace, "--replicas="+replicas)
	}
	t.Cleanup(func() {
		scale("1")
		drive.Kubectl(t, "rollout", "status", "deployment/workflow-controller", "-n", drive.KFPNamespace, "--timeout=2m")
	})
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, starting(t, 10*time.Second, 5))
	runningPod(t, namespace)
	scale("0")
	time.Sleep(20 * time.Second)
	scale("1")
	done := drive.Finish(t, call)
	f.row.Noticed = "in the figures: the runs took longer"
	f.ends(done, namespace, asIfNothingHappened())
}
