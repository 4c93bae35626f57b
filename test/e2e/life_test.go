//go:build e2e && !multiuser

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// calmly reads for 20 s, and makes one run after that.
const calmly = `[
	{"mode": "RANDOM_GETS", "runTime": "20s", "load": {"rate": "2/s"}, "reads": {"weights": {"ListRuns": 1}}},
	{"mode": "PIPELINE_RUN", "startTime": "20s", "runTime": 1, "pipelineFileName": "noop.yaml"}]`

// detachedRun launches a scenario, leaves it alone, and returns its id.
func detachedRun(t *testing.T, namespace, scenario string, args ...string) string {
	t.Helper()
	file := drive.ScenarioFile(t, "life.json", scenario)
	done := drive.Run(t, namespace, file, append([]string{"--detach"}, args...)...)
	done.Expect(t, drive.ExitDone)
	id := strings.TrimSuffix(done.Stdout, "\n")
	if !strings.HasPrefix(id, "life-") || strings.ContainsAny(id, " \n") {
		t.Fatalf("stdout is %q, and not a run id alone", done.Stdout)
	}
	return id
}

// hasPhase waits until a run is in a phase.
func hasPhase(t *testing.T, namespace, id, phase string, args ...string) {
	t.Helper()
	drive.Eventually(t, drive.Soon, id+" is "+phase, func() (bool, string) {
		status := drive.Kfpperf(t, append([]string{"status", id, "-n", namespace, "-o", "json"}, args...)...)
		var told struct{ Phase string }
		if err := json.Unmarshal([]byte(status.Stdout), &told); err != nil {
			return false, err.Error()
		}
		return told.Phase == phase, told.Phase
	})
}

func TestLifeOfARunByAPersonWithNothingButOurRole(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	jane := "--kubeconfig=" + drive.Person(t, namespace, "--single-user")
	id := detachedRun(t, namespace, calmly, jane)
	hasPhase(t, namespace, id, "Running", jane)
	drive.Kfpperf(t, "list", "-n", namespace, jane).Expect(t, drive.ExitDone, id, "life", "Running")
	drive.Kfpperf(t, "list", "-n", namespace, "-o", "name", jane).Expect(t, drive.ExitDone, id+"\n")
	drive.Kfpperf(t, "list", "-A", jane).Expect(t, drive.ExitNoStart, "you may not list jobs in all namespaces")
	drive.Kfpperf(t, "status", id, "-n", namespace, jane).Expect(t, drive.ExitDone, "Running", "#1 RANDOM_GETS", "kubectl kfpperf attach "+id)
	if log := drive.Kfpperf(t, "logs", id, "-n", namespace, jane); log.Code != drive.ExitDone || !strings.Contains(log.Stdout, "RANDOM_GETS") || strings.Contains(log.Stdout, "{") {
		t.Errorf("exit %d, log %q", log.Code, log.Stdout)
	}
	drive.Kfpperf(t, "collect", id, "-n", namespace, jane).Expect(t, drive.ExitNoStart, "has no result yet", "kubectl kfpperf attach "+id)
	drive.Kfpperf(t, "delete", id, "-n", namespace, jane).Expect(t, drive.ExitNoStart, "is under way")
	attached := drive.Kfpperf(t, "attach", id, "-n", namespace, jane)
	attached.Expect(t, drive.ExitDone, "1/1")
	if document := attached.Result(t); document.RunID != id || document.Verdict.Status != result.Passed {
		t.Errorf("run %s, verdict %+v", document.RunID, document.Verdict)
	}
	drive.NothingIsLeft(t, namespace, id)
	drive.Kfpperf(t, "collect", id, "-n", namespace, jane).Expect(t, drive.ExitNoStart, "there is no run "+id)
}

func TestLifeEndsEarlyWithAPartialResult(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--now=false", "--now"} {
		namespace := drive.NewNamespace(t)
		jane := "--kubeconfig=" + drive.Person(t, namespace, "--single-user")
		id := detachedRun(t, namespace, strings.ReplaceAll(calmly, `"20s"`, `"10m"`), jane)
		hasPhase(t, namespace, id, "Running", jane)
		cancelled := drive.Kfpperf(t, "cancel", id, "-n", namespace, flag, jane)
		cancelled.Expect(t, drive.ExitInvalid, "asked the run to stop")
		if cancelled.Took > drive.Soon {
			t.Errorf("it took %s to stop", cancelled.Took)
		}
		if document := cancelled.Result(t); document.RunID != id || document.Verdict.Status != result.Invalid {
			t.Errorf("run %s, verdict %+v", document.RunID, document.Verdict)
		}
		drive.NothingIsLeft(t, namespace, id)
	}
}

func TestLifeIsCancelledBeforeItStarts(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	id := detachedRun(t, namespace, calmly, "--pod-patch", drive.ScenarioFile(t, "patch.yaml", "spec: {nodeSelector: {kfpperf.io/nowhere: there}}"))
	drive.Kfpperf(t, "status", id, "-n", namespace).Expect(t, drive.ExitDone, "Pending")
	drive.Kfpperf(t, "cancel", id, "-n", namespace).Expect(t, drive.ExitNoStart, "had not started")
	drive.NothingIsLeft(t, namespace, id)
}

func TestLifeGoesOnAfterASecondInterrupt(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	attached := drive.Start(t, "run", drive.ScenarioFile(t, "life.json", strings.ReplaceAll(calmly, `"20s"`, `"10m"`)), "-n", namespace, "--image", drive.Image(t))
	id := ""
	drive.Eventually(t, drive.Soon, "a run", func() (bool, string) {
		id = strings.TrimSpace(drive.Kfpperf(t, "list", "-n", namespace, "-o", "name").Stdout)
		return id != "", id
	})
	hasPhase(t, namespace, id, "Running")
	interrupt(t, attached)
	drive.Eventually(t, drive.Soon, "the first interrupt was noticed", func() (bool, string) {
		interrupt(t, attached)
		status := drive.Kubectl(t, "get", "pods", "-n", namespace, "-o", `jsonpath={.items[*].metadata.annotations.kfpperf\.io/stop}`)
		return status == string(handoff.StopDrain), status
	})
	done := drive.Finish(t, attached)
	if done.Code != drive.ExitInvalid && done.Code != drive.ExitDetached {
		t.Errorf("exit %d", done.Code)
	}
	drive.Kubectl(t, "delete", "job", "-n", namespace, "--all", "--wait=false")
}

func TestLifeResultIsCollectedFromAnotherFolder(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	id := detachedRun(t, namespace, `[{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	hasPhase(t, namespace, id, "Ended")
	drive.Eventually(t, drive.Soon, "the record is there", func() (bool, string) {
		listed := drive.Kfpperf(t, "list", "-n", namespace)
		return strings.Contains(listed.Stdout, "passed"), listed.Stdout
	})
	drive.Kfpperf(t, "delete", id, "-n", namespace).Expect(t, drive.ExitNoStart, "was not collected", "kubectl kfpperf collect "+id)
	here := t.TempDir()
	for range 2 {
		drive.Kfpperf(t, "collect", id, "-n", namespace, "--output-dir", here).Expect(t, drive.ExitDone, "passed")
	}
	content, err := os.ReadFile(filepath.Join(here, "kfpperf-"+id+".json"))
	if err != nil {
		t.Fatal(err)
	}
	noted := drive.Kubectl(t, "get", "job", "kfpperf-"+id, "-n", namespace, "-o", `jsonpath={.metadata.annotations.kfpperf\.io/collected}`)
	if noted != handoff.Sum(content) {
		t.Errorf("the Job notes sha256 %q, the file has %q", noted, handoff.Sum(content))
	}
	drive.NothingIsLeft(t, namespace, id)
}

func TestLifeEndsByDeletion(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	jane := "--kubeconfig=" + drive.Person(t, namespace, "--single-user")
	id := detachedRun(t, namespace, calmly, jane)
	drive.Kfpperf(t, "delete", id, "-n", namespace, jane).Expect(t, drive.ExitNoStart, "is under way")
	drive.Kfpperf(t, "delete", id, "-n", namespace, "--force", jane).Expect(t, drive.ExitDone, "was removed")
	drive.NothingIsLeft(t, namespace, id)
}

func TestLifeIsFollowedByTwoAtOnce(t *testing.T) {
	t.Parallel()
	namespace := drive.NewNamespace(t)
	id := detachedRun(t, namespace, calmly)
	first, second := drive.Start(t, "attach", id, "-n", namespace), drive.Start(t, "attach", id, "-n", namespace)
	one, two := drive.Finish(t, first), drive.Finish(t, second)
	one.Expect(t, drive.ExitDone)
	two.Expect(t, drive.ExitDone)
	if one.Result(t).RunID != id || two.Result(t).RunID != id {
		t.Error("they have other results")
	}
	drive.NothingIsLeft(t, namespace, id)
}

func TestLifeIsCompletedByKubectl(t *testing.T) {
	t.Parallel()
	namespace, links := drive.NewNamespace(t), t.TempDir()
	id := detachedRun(t, namespace, calmly)
	drive.Kfpperf(t, "completion", "install", "--dir", links).Expect(t, drive.ExitDone, "kubectl_complete-kfpperf")
	command := exec.Command("kubectl", "__complete", "kfpperf", "attach", "-n", namespace, "life-")
	command.Env = append(os.Environ(), "PATH="+links+":"+os.Getenv("PATH"))
	if completed, err := command.Output(); err != nil || string(completed) != id+"\n:4\n" {
		t.Errorf("%v, %q", err, completed)
	}
}
