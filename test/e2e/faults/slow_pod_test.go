//go:build e2e && slow && !multiuser

package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestSlowRunnerKilled(t *testing.T) {
	f := meet(t, "runner killed")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, time.Minute, "5/s"))
	pod := runningPod(t, namespace)
	time.Sleep(10 * time.Second) // for a checkpoint
	f.strikes()
	killContainer(t, namespace, pod, handoff.RunnerContainer)
	f.isTold(call, "the runner ended before its run did", 15*time.Second)
	done := drive.Finish(t, call)
	f.ends(done, namespace, partialEnd())
}

func TestSlowPodEvicted(t *testing.T) {
	f := meet(t, "pod evicted")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, time.Minute, "5/s"))
	pod := runningPod(t, namespace)
	time.Sleep(5 * time.Second)
	f.strikes()
	drive.KubectlWithInput(t, fmt.Sprintf(`{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": %q, "namespace": %q}}`, pod, namespace),
		"create", "--raw", "/api/v1/namespaces/"+namespace+"/pods/"+pod+"/eviction", "-f", "-")
	done := drive.Finish(t, call)
	f.row.Noticed = "the run ended after " + time.Since(f.struck).Round(100*time.Millisecond).String()
	f.ends(done, namespace, partialEnd())
}

func TestSlowDiskOfTheOutboxFull(t *testing.T) {
	f := meet(t, "disk of the emptyDir full")
	namespace := drive.NewNamespace(t)
	patch := filepath.Join(t.TempDir(), "patch.yaml")
	err := os.WriteFile(patch, []byte("spec: {volumes: [{name: out, emptyDir: {medium: Memory, sizeLimit: 8Ki}}]}\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	call := drive.StartRun(t, namespace, reading(t, 8*time.Second, "5/s"), "--pod-patch", patch)
	runningPod(t, namespace)
	f.strikes()
	f.isTold(call, "no space left on device", 30*time.Second)
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}
