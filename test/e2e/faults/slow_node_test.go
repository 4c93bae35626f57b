//go:build e2e && slow && !multiuser

package faults

import (
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
