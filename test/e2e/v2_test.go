//go:build e2e && !multiuser

package e2e

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestV2ScenarioAsShipped(t *testing.T) {
	done := drive.Run(t, drive.UserNamespace, "smoke.json", "--keep", "all")
	done.Expect(t, drive.ExitDone, "2/2")
	entry := done.Result(t).Entries[0]
	if entry.Counts != (result.Counts{Planned: 2, Succeeded: 2}) {
		t.Fatalf("counts %+v", entry.Counts)
	}
	for _, r := range entry.Runs {
		tasksOf(t, r.ID).expect(t, "add-driver SUCCEEDED", "add SUCCEEDED")
	}
}

func TestV2PipelinesOfEachKind(t *testing.T) {
	file := drive.ScenarioFile(t, "kinds.json", `[
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "fan_out.yaml", "params": {"width": 3}},
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "nested.yaml"},
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "sleep_chain.yaml"},
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "artifacts.yaml", "params": {"bytes": 300000}}]`)
	done := drive.Run(t, drive.UserNamespace, file, "--keep", "all")
	done.Expect(t, drive.ExitDone)
	var ids []string
	for _, entry := range done.Result(t).Entries {
		ids = append(ids, entry.Runs[0].ID)
	}
	fanOut := tasksOf(t, ids[0])
	fanOut.expect(t, "count SUCCEEDED", "work SUCCEEDED")
	if n := fanOut.count("work SUCCEEDED"); n != 3 {
		t.Errorf("%d tasks of a loop over 3: %v", n, fanOut)
	}
	tasksOf(t, ids[1]).expect(t, "outer SUCCEEDED", "inner SUCCEEDED", "work SUCCEEDED")
	tasksOf(t, ids[2]).expect(t, "first SUCCEEDED", "second SUCCEEDED", "third SUCCEEDED")
	tasksOf(t, ids[3]).expect(t, "generate SUCCEEDED", "check SUCCEEDED")
	if size := objectSize(t, "v2/artifacts/artifacts/"+ids[3]+"/generate/data"); size != 300000 {
		t.Errorf("the artifact has %d bytes in MinIO, want 300000", size)
	}
}

func TestV2TaskThatFails(t *testing.T) {
	file := drive.ScenarioFile(t, "failing.json", `[{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "failing.yaml"}]`)
	done := drive.Run(t, drive.UserNamespace, file)
	done.Expect(t, drive.ExitThreshold)
	entry := done.Result(t).Entries[0]
	if entry.Counts != (result.Counts{Planned: 1, Failed: 1}) || entry.Runs[0].State != "FAILED" {
		t.Fatalf("counts %+v, runs %+v", entry.Counts, entry.Runs)
	}
	tasksOf(t, entry.Runs[0].ID).expect(t, "fail-driver SUCCEEDED", "fail FAILED")
	if tasks := entry.Figure(result.MetricTasks); tasks.Count() != 1 || tasks.Sum() != 1 || entry.Figure(result.MetricDuration).Count() != 0 {
		t.Errorf("a run that failed has figures %+v", entry.Figures)
	}
}

// TestContainerThatExitsWithACodeFailsItsWorkflow is of Argo alone: the executor has a part of our own.
func TestContainerThatExitsWithACodeFailsItsWorkflow(t *testing.T) {
	file := drive.ScenarioFile(t, "exits.json", `[{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "exits.yaml"}]`)
	beside(t, file, "exits.yaml")
	done := drive.Run(t, drive.UserNamespace, file)
	done.Expect(t, drive.ExitThreshold)
	r := done.Result(t).Entries[0].Runs[0]
	told := drive.Kubectl(t, "get", "workflows", "-n", drive.KFPNamespace, "-l", "pipeline/runid="+r.ID,
		"-o", "jsonpath={.items[*].status.phase} {.items[*].status.nodes.*.message}")
	if r.State != "FAILED" || !strings.HasPrefix(told, "Failed ") || !strings.Contains(told, "exit code 3") {
		t.Errorf("the run is %s, its Workflow %s", r.State, told)
	}
}

func TestV2RerunIsCached(t *testing.T) {
	file := drive.ScenarioFile(t, "cached.json", fmt.Sprintf(`[{"mode": "PIPELINE_RUN", "runTime": 5, "numTimes": 2,
		"load": {"inFlight": 1}, "pipelineFileName": "cached.yaml", "params": {"key": %q, "seconds": 1}}]`, rand.Text()))
	done := drive.Run(t, drive.UserNamespace, file, "--keep", "all")
	done.Expect(t, drive.ExitInvalid, "1 of 2 tasks were served from KFP's cache", "1 came from KFP's cache")
	runs := done.Result(t).Entries[0].Runs
	if *runs[0].CachedTasks != 0 || *runs[1].CachedTasks != 1 || *runs[1].Tasks != 1 {
		t.Errorf("cached tasks of the first run %d, of the second %d", *runs[0].CachedTasks, *runs[1].CachedTasks)
	}
	first, second := tasksOf(t, runs[0].ID), tasksOf(t, runs[1].ID)
	first.expect(t, "work SUCCEEDED", "executor SUCCEEDED")
	second.expect(t, "work SUCCEEDED", "executor SKIPPED")
}
