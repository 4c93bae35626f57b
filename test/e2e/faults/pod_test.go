//go:build e2e && !multiuser

package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// partialEnd is the end of a run whose worker did not live to see it.
func partialEnd() ending {
	return ending{code: drive.ExitInvalid, result: partial, verdict: result.Invalid}
}

func TestKubeletRestarted(t *testing.T) {
	f := meet(t, "kubelet restarted")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 12*time.Second, "5/s"))
	runningPod(t, namespace)
	time.Sleep(3 * time.Second)
	daemon(t, "restart", "kubelet")
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}

func TestResultsContainerKilled(t *testing.T) {
	f := meet(t, "results container killed")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 10*time.Second, "5/s"))
	pod := runningPod(t, namespace)
	time.Sleep(3 * time.Second)
	killContainer(t, namespace, pod, handoff.ResultsContainer)
	f.row.Noticed = "not told: the runner ships its result itself"
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}

func TestRunnerKilled(t *testing.T) {
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

func TestRunnerOutOfMemory(t *testing.T) {
	f := meet(t, "runner out of memory")
	namespace := drive.NewNamespace(t)
	// It takes more and more, since answers are slower than questions.
	file := drive.ScenarioFile(t, "heavy.json", `[
		{"mode": "RANDOM_GETS", "runTime": "6s", "load": {"rate": "5/s"}, "reads": {"weights": {"ListExperiments": 1}}},
		{"mode": "RANDOM_GETS", "startTime": "6s", "runTime": "1m", "load": {"rate": "3000/s", "maxInFlight": 20000},
		 "reads": {"weights": {"ListExperiments": 1}}}]`)
	call := drive.StartRun(t, namespace, file, "--resources", "memory=48Mi,limits.memory=48Mi")
	runningPod(t, namespace)
	f.strikes()
	f.isTold(call, "OOMKilled", time.Minute)
	done := drive.Finish(t, call)
	f.ends(done, namespace, partialEnd())
}

func TestPodEvicted(t *testing.T) {
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

func TestDiskOfTheOutboxFull(t *testing.T) {
	f := meet(t, "disk of the emptyDir full")
	namespace := drive.NewNamespace(t)
	patch := filepath.Join(t.TempDir(), "patch.yaml")
	err := os.WriteFile(patch, []byte("spec: {volumes: [{name: out, emptyDir: {medium: Memory, sizeLimit: 12Ki}}]}\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	call := drive.StartRun(t, namespace, reading(t, 8*time.Second, "5/s"), "--pod-patch", patch)
	done := drive.Finish(t, call)
	f.row.Noticed = "not told: the runner ships its result itself"
	f.ends(done, namespace, asIfNothingHappened())
}
