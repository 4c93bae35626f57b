//go:build e2e && slow && !multiuser

package faults

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestSlowImageMissing(t *testing.T) {
	f := meet(t, "image missing")
	namespace := drive.NewNamespace(t)
	call := drive.Start(t, "run", "smoke-noop.json", "-n", namespace, "--image", "registry.invalid/kfpperf:v0")
	f.strikes()
	f.isTold(call, "registry.invalid", drive.Soon)
	f.ends(drive.Finish(t, call), namespace, ending{code: drive.ExitNoStart, result: none})
}

func TestSlowQuotaAppearsInMidRun(t *testing.T) {
	f := meet(t, "quota appearing in mid-run")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 8*time.Second, "5/s"))
	runningPod(t, namespace)
	drive.Kubectl(t, "create", "quota", "late", "--hard=pods=0,count/jobs.batch=0,count/configmaps=0", "-n", namespace)
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
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
