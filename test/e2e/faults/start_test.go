//go:build e2e && !multiuser

package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestUnschedulableThenSchedulable(t *testing.T) {
	f := meet(t, "unschedulable, then schedulable")
	namespace := drive.NewNamespace(t)
	node := strings.TrimSpace(drive.Kubectl(t, "get", "nodes", "-o", "name"))
	t.Cleanup(func() { drive.Kubectl(t, "uncordon", node) })
	drive.Kubectl(t, "cordon", node)
	call := drive.StartRun(t, namespace, reading(t, 2*time.Second, "5/s"))
	f.strikes()
	f.isTold(call, "unschedulable", 15*time.Second)
	time.Sleep(3 * time.Second)
	drive.Kubectl(t, "uncordon", node)
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}
