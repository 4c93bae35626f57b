//go:build e2e && !multiuser

package e2e

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// inKFP counts, by the server, what bears a run's id, as "runs 2 experiments 1".
func inKFP(t *testing.T, runID string) string {
	t.Helper()
	var parts []string
	for _, kind := range []string{"runs", "recurringruns", "experiments", "pipelines"} {
		if n := listed(t, "/"+kind, runID+"-"); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", kind, n))
		}
	}
	return strings.Join(parts, " ")
}

func TestCleanNothingIsLeftInKFP(t *testing.T) {
	t.Parallel()
	file := drive.ScenarioFile(t, "all.json", `{"name": "cleaned", "scenarios": [
		{"mode": "PIPELINE_RUN", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
		{"mode": "EXPERIMENT", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
		{"mode": "PIPELINE_UPLOAD", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
		{"mode": "PIPELINE_UPLOAD", "runTime": "5s", "numTimes": 2, "as": "versions", "pipelineFileName": "noop.yaml"},
		{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "30s", "numTimes": 1, "cron": "*/10 * * * * *", "pipelineFileName": "noop.yaml"}]}`)
	done := drive.Run(t, drive.UserNamespace, file)
	done.Expect(t, drive.ExitDone, "deleted from KFP in")
	document := done.Result(t)
	c := document.Cleanup
	fired := document.Entries[4].Schedule.Fired
	want := result.Things{Runs: 4 + fired, Experiments: 2, Pipelines: 6, Versions: 8}
	if c == nil || !c.Complete() || c.Deleted != want {
		t.Errorf("%+v, want %+v deleted", c, want)
	}
	if left := inKFP(t, document.RunID); left != "" || fired == 0 {
		t.Errorf("%d runs by schedule, left in KFP: %s", fired, left)
	}
	for _, r := range document.Entries[4].Runs {
		if n := listed(t, "/runs", r.Name); n > 0 {
			t.Errorf("left in KFP: run %s", r.Name)
		}
	}
	if workflows := drive.Kubectl(t, "get", "workflows", "-n", drive.KFPNamespace, "-l", "pipeline/runid="+document.Entries[0].Runs[0].ID, "-o", "name"); workflows != "" {
		t.Errorf("a deleted run has %s", workflows)
	}
}

func TestCleanKeepsFailures(t *testing.T) {
	t.Parallel()
	file := drive.ScenarioFile(t, "half.json", `{"name": "half", "scenarios": [
		{"mode": "EXPERIMENT", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
		{"mode": "EXPERIMENT", "runTime": "5s", "numTimes": 1, "pipelineFileName": "failing.yaml"}]}`)
	done := drive.Run(t, drive.UserNamespace, file)
	done.Expect(t, drive.ExitThreshold, "kept in KFP: 1 run, 1 experiment, 1 pipeline", "kubectl kfpperf cleanup "+done.RunID(t))
	if left := inKFP(t, done.RunID(t)); left != "runs 1 experiments 1 pipelines 1" {
		t.Errorf("in KFP: %s", left)
	}
	dry := drive.Kfpperf(t, "cleanup", done.RunID(t), "-n", drive.UserNamespace, "--image", drive.Image(t), "--dry-run")
	dry.Expect(t, drive.ExitDone, "experiment/"+done.RunID(t)+"-2 (dry run)")
	if left := inKFP(t, done.RunID(t)); left != "runs 1 experiments 1 pipelines 1" {
		t.Errorf("after a dry run in KFP: %s", left)
	}
	drive.Kfpperf(t, "cleanup", done.RunID(t), "-n", drive.UserNamespace, "--image", drive.Image(t)).
		Expect(t, drive.ExitDone, "run/"+done.RunID(t)+"-2-1", "pipelineversion/", "pipeline/"+done.RunID(t)+"-2-failing")
	if left := inKFP(t, done.RunID(t)); left != "" {
		t.Errorf("after the cleaning in KFP: %s", left)
	}
	drive.NothingIsLeft(t, drive.UserNamespace, done.RunID(t))
}

// busy makes runs that do not end, and others by schedule, under a name of its own, which is returned with its file.
func busy(t *testing.T) (file, name string) {
	t.Helper()
	name = "busy" + strings.ToLower(rand.Text()[:6])
	file = drive.ScenarioFile(t, name+".json", `[
		{"mode": "EXPERIMENT", "runTime": "5s", "numTimes": 2, "pipelineFileName": "suspended.yaml"},
		{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "10m", "numTimes": 1, "cron": "*/10 * * * * *", "pipelineFileName": "noop.yaml"}]`)
	if err := os.WriteFile(filepath.Join(filepath.Dir(file), "suspended.yaml"), []byte(endless), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, name
}

// made waits until a busy run has made all that it makes.
func made(t *testing.T, name string) {
	t.Helper()
	drive.Eventually(t, drive.Soon, "the run has made all that it makes", func() (bool, string) {
		found := inKFP(t, name)
		return strings.HasSuffix(found, "recurringruns 1 experiments 2 pipelines 2") && listed(t, "/runs", name+"-") >= 2, found
	})
}

func TestCleanOfARunWhosePodIsDeleted(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	file, name := busy(t)
	following := drive.StartRun(t, namespace, file)
	made(t, name)
	drive.Kubectl(t, "delete", "pods", "--all", "-n", namespace, "--wait=false")
	drive.Finish(t, following)
	drive.Eventually(t, drive.Soon, "nothing of the run in KFP", func() (bool, string) {
		left := inKFP(t, name)
		return left == "", left
	})
	noWorkflows(t, name)
}

func TestCleanAfterAKill(t *testing.T) {
	file, name := busy(t)
	killed := drive.Start(t, "run", file, "--local", "--kfp-url", drive.KFPURL(t))
	made(t, name)
	if err := killed.Command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	id := drive.Finish(t, killed).RunID(t)
	if left := inKFP(t, id); !strings.Contains(left, "recurringruns 1 experiments 2 pipelines 2") {
		t.Errorf("a kill left in KFP: %s", left)
	}
	namespace := drive.NewNamespace(t)
	drive.Kfpperf(t, "cleanup", "-n", namespace, "--image", drive.Image(t)).Expect(t, drive.ExitDone, "run "+id+" was left alone: it may be under way")
	drive.Kfpperf(t, "cleanup", id, "-n", namespace, "--image", drive.Image(t)).
		Expect(t, drive.ExitDone, "recurringrun/"+id+"-2-1", "experiment/"+id+"-1", "run/"+id+"-1-1", "pipeline/"+id+"-1-suspended")
	if left := inKFP(t, id); left != "" {
		t.Errorf("after the cleaning in KFP: %s", left)
	}
	noWorkflows(t, name)
	drive.Eventually(t, drive.Soon, "nothing of the cleaning in the namespace", func() (bool, string) {
		left := drive.Kubectl(t, "get", "jobs,pods", "-n", namespace, "-o", "name")
		return left == "", left
	})
}

// noWorkflows waits until none is left of a busy run.
func noWorkflows(t *testing.T, name string) {
	t.Helper()
	drive.Eventually(t, drive.Soon, "no workflow of the run", func() (bool, string) {
		names := drive.Kubectl(t, "get", "workflows,scheduledworkflows", "-n", drive.KFPNamespace, "-o",
			`jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations.pipelines\.kubeflow\.org/run_name}{"\n"}{end}`)
		return !strings.Contains(names, name), names
	})
}

// endless is a package whose run ends when somebody ends it.
const endless = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: endless-}
spec:
  entrypoint: wait
  templates: [{name: wait, suspend: {}}]
`

func TestCleanThatHasNoTimeIsTold(t *testing.T) {
	done := drive.Run(t, drive.UserNamespace, "smoke-noop.json", "--cleanup-timeout", "1ms")
	done.Expect(t, drive.ExitLeft, "the time for it was over", "kubectl kfpperf cleanup "+done.RunID(t)+" -n "+drive.UserNamespace)
	if left := inKFP(t, done.RunID(t)); left != "runs 2 pipelines 1" {
		t.Errorf("in KFP: %s", left)
	}
	drive.Kfpperf(t, "cleanup", done.RunID(t), "-n", drive.UserNamespace, "--image", drive.Image(t)).Expect(t, drive.ExitDone, "run/"+done.RunID(t)+"-1-1")
	if left := inKFP(t, done.RunID(t)); left != "" {
		t.Errorf("after the cleaning in KFP: %s", left)
	}
}
