//go:build e2e && slow && !multiuser

package faults

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestSlowAPIServerAwayWhenTheRunEnds has nobody to ask when the runner and the results container end.
func TestSlowAPIServerAwayWhenTheRunEnds(t *testing.T) {
	f := meet(t, "kube-apiserver away when the run ends, for 20 s")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 8*time.Second, "5/s"))
	runningPod(t, namespace)
	kill(t, "kube-apiserver")
	time.Sleep(20 * time.Second)
	backAgain(t)
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}
