//go:build e2e && !multiuser

package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestImageMissing(t *testing.T) {
	f := meet(t, "image missing")
	namespace := drive.NewNamespace(t)
	call := drive.Start(t, "run", "smoke-noop.json", "-n", namespace, "--image", "registry.invalid/kfpperf:v0")
	f.strikes()
	f.isTold(call, "registry.invalid", drive.Soon)
	f.ends(drive.Finish(t, call), namespace, ending{code: drive.ExitNoStart, result: none})
}

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

func TestQuotaAppearsInMidRun(t *testing.T) {
	f := meet(t, "quota appearing in mid-run")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 8*time.Second, "5/s"))
	runningPod(t, namespace)
	drive.Kubectl(t, "create", "quota", "late", "--hard=pods=0,count/jobs.batch=0,count/configmaps=0", "-n", namespace)
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}
