//go:build e2e && !multiuser

package faults

import (
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
	done := drive.Finish(t, call)
	f.followed(done, "60/60 done")
	f.ends(done, namespace, asIfNothingHappened())
}

func TestResultsContainerKilled(t *testing.T) {
	f := meet(t, "results container killed")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, reading(t, 15*time.Second, "5/s"))
	pod := runningPod(t, namespace)
	time.Sleep(3 * time.Second) // the runner has seen it alive; else it takes half a minute to give it up
	f.strikes()
	killContainer(t, namespace, pod, handoff.ResultsContainer)
	f.isTold(call, "results container", 15*time.Second)
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
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
