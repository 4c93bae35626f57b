//go:build e2e && slow && !multiuser

package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestSlowNodeUnreadyForTwoMinutes(t *testing.T) {
	f := meet(t, "node unready for 2 minutes")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 20*time.Second, "5/s"))
	runningPod(t, namespace)
	time.Sleep(3 * time.Second)
	t.Cleanup(func() { daemon(t, "start", "kubelet") })
	daemon(t, "stop", "kubelet")
	drive.Eventually(t, 90*time.Second, "the node is unready", func() (bool, string) {
		ready := drive.Kubectl(t, "get", "nodes", "-o", `jsonpath={.items[0].status.conditions[?(@.type=="Ready")].status}`)
		return ready != "True", ready
	})
	time.Sleep(2 * time.Minute)
	daemon(t, "start", "kubelet")
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
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
	c := document.Entries[0].Counts
	if c.NotStarted == 0 || c.Succeeded == 0 || c.Succeeded+c.Failed+c.NotStarted != c.Planned {
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

// TestSlowConfigMapsDenied is of an account that may do nothing, as most accounts may not.
func TestSlowConfigMapsDenied(t *testing.T) {
	f := meet(t, "creation of ConfigMaps denied in the pod")
	namespace := drive.NewNamespace(t)
	done := drive.Run(t, namespace, reading(t, 2*time.Second, "5/s"))
	f.row.Noticed = "a warning in the result: the run is not claimed"
	document := f.ends(done, namespace, asIfNothingHappened())
	if !strings.Contains(strings.Join(document.Warnings, "\n"), "not claimed") {
		t.Errorf("warnings %q", document.Warnings)
	}
}
