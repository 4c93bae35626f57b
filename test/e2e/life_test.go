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
)

// calmly reads for 40 s, and makes one run at its end.
const calmly = `[
	{"mode": "RANDOM_GETS", "runTime": "20s", "load": {"rate": "2/s"}, "reads": {"weights": {"ListRuns": 1}}},
	{"mode": "PIPELINE_RUN", "startTime": "20s", "runTime": 1, "pipelineFileName": "noop.yaml"}]`

// detachedRun launches a scenario, leaves it alone, and returns its id.
func detachedRun(t *testing.T, namespace, scenario string, args ...string) string {
	t.Helper()
	file := scenarioFile(t, "life.json", scenario)
	done := run(t, namespace, file, append([]string{"--detach"}, args...)...)
	done.expect(t, exitDone)
	id := strings.TrimSuffix(done.stdout, "\n")
	if !strings.HasPrefix(id, "life-") || strings.ContainsAny(id, " \n") {
		t.Fatalf("stdout is %q, and not a run id alone", done.stdout)
	}
	return id
}

// hasPhase waits until a run is in a phase.
func hasPhase(t *testing.T, namespace, id, phase string, args ...string) {
	t.Helper()
	eventually(t, soon, id+" is "+phase, func() (bool, string) {
		status := kfpperf(t, append([]string{"status", id, "-n", namespace, "-o", "json"}, args...)...)
		var told struct{ Phase string }
		if err := json.Unmarshal([]byte(status.stdout), &told); err != nil {
			return false, err.Error()
		}
		return told.Phase == phase, told.Phase
	})
}

func TestLifeOfARunByAPersonWithNothingButOurRole(t *testing.T) {
	namespace := newNamespace(t)
	jane := "--kubeconfig=" + person(t, namespace, "--single-user")
	id := detachedRun(t, namespace, calmly, jane)
	hasPhase(t, namespace, id, "Running", jane)
	kfpperf(t, "list", "-n", namespace, jane).expect(t, exitDone, id, "life", "Running")
	kfpperf(t, "list", "-n", namespace, "-o", "name", jane).expect(t, exitDone, id+"\n")
	kfpperf(t, "list", "-A", jane).expect(t, exitNoStart, "you may not list jobs in all namespaces")
	kfpperf(t, "status", id, "-n", namespace, jane).expect(t, exitDone, "Running", "#1 RANDOM_GETS", "kubectl kfpperf attach "+id)
	if log := kfpperf(t, "logs", id, "-n", namespace, jane); log.code != exitDone || !strings.Contains(log.stdout, "RANDOM_GETS") || strings.Contains(log.stdout, "{") {
		t.Errorf("exit %d, log %q", log.code, log.stdout)
	}
	kfpperf(t, "collect", id, "-n", namespace, jane).expect(t, exitNoStart, "has no result yet", "kubectl kfpperf attach "+id)
	kfpperf(t, "delete", id, "-n", namespace, jane).expect(t, exitNoStart, "is under way")
	attached := kfpperf(t, "attach", id, "-n", namespace, jane)
	attached.expect(t, exitDone, "1/1")
	if document := attached.result(t); document.RunID != id || document.Verdict.Status != result.Passed {
		t.Errorf("run %s, verdict %+v", document.RunID, document.Verdict)
	}
	nothingIsLeft(t, namespace, id)
	kfpperf(t, "collect", id, "-n", namespace, jane).expect(t, exitNoStart, "there is no run "+id)
}

func TestLifeEndsEarlyWithAPartialResult(t *testing.T) {
	for _, flag := range []string{"--now=false", "--now"} {
		namespace := newNamespace(t)
		jane := "--kubeconfig=" + person(t, namespace, "--single-user")
		id := detachedRun(t, namespace, strings.ReplaceAll(calmly, `"20s"`, `"10m"`), jane)
		hasPhase(t, namespace, id, "Running", jane)
		cancelled := kfpperf(t, "cancel", id, "-n", namespace, flag, jane)
		cancelled.expect(t, exitInvalid, "asked the run to stop")
		if cancelled.took > soon {
			t.Errorf("it took %s to stop", cancelled.took)
		}
		if document := cancelled.result(t); document.RunID != id || document.Verdict.Status != result.Invalid {
			t.Errorf("run %s, verdict %+v", document.RunID, document.Verdict)
		}
		nothingIsLeft(t, namespace, id)
	}
}

func TestLifeIsCancelledBeforeItStarts(t *testing.T) {
	namespace := newNamespace(t)
	id := detachedRun(t, namespace, calmly, "--pod-patch", scenarioFile(t, "patch.yaml", "spec: {nodeSelector: {kfpperf.io/nowhere: there}}"))
	kfpperf(t, "status", id, "-n", namespace).expect(t, exitDone, "Pending")
	kfpperf(t, "cancel", id, "-n", namespace).expect(t, exitNoStart, "had not started")
	nothingIsLeft(t, namespace, id)
}

func TestLifeGoesOnAfterASecondInterrupt(t *testing.T) {
	namespace := newNamespace(t)
	attached := start(t, "run", scenarioFile(t, "life.json", strings.ReplaceAll(calmly, `"20s"`, `"10m"`)), "-n", namespace, "--image", image(t))
	id := ""
	eventually(t, soon, "a run", func() (bool, string) {
		id = strings.TrimSpace(kfpperf(t, "list", "-n", namespace, "-o", "name").stdout)
		return id != "", id
	})
	hasPhase(t, namespace, id, "Running")
	interrupt(t, attached)
	eventually(t, soon, "the first interrupt was noticed", func() (bool, string) {
		interrupt(t, attached)
		status := kubectl(t, "get", "pods", "-n", namespace, "-o", `jsonpath={.items[*].metadata.annotations.kfpperf\.io/stop}`)
		return status == string(handoff.StopDrain), status
	})
	done := finish(t, attached)
	if done.code != exitInvalid && done.code != exitDetached {
		t.Errorf("exit %d", done.code)
	}
	kubectl(t, "delete", "job", "-n", namespace, "--all", "--wait=false")
}

func TestLifeResultIsCollectedFromAnotherFolder(t *testing.T) {
	namespace := newNamespace(t)
	id := detachedRun(t, namespace, `[{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	hasPhase(t, namespace, id, "Ended")
	eventually(t, soon, "the record is there", func() (bool, string) {
		listed := kfpperf(t, "list", "-n", namespace)
		return strings.Contains(listed.stdout, "passed"), listed.stdout
	})
	kfpperf(t, "delete", id, "-n", namespace).expect(t, exitNoStart, "was not collected", "kubectl kfpperf collect "+id)
	here := t.TempDir()
	for range 2 {
		kfpperf(t, "collect", id, "-n", namespace, "--output-dir", here).expect(t, exitDone, "passed")
	}
	content, err := os.ReadFile(filepath.Join(here, "kfpperf-"+id+".json"))
	if err != nil {
		t.Fatal(err)
	}
	noted := kubectl(t, "get", "job", "kfpperf-"+id, "-n", namespace, "-o", `jsonpath={.metadata.annotations.kfpperf\.io/collected}`)
	if noted != handoff.Sum(content) {
		t.Errorf("the Job notes sha256 %q, the file has %q", noted, handoff.Sum(content))
	}
	nothingIsLeft(t, namespace, id)
}

func TestLifeEndsByDeletion(t *testing.T) {
	namespace := newNamespace(t)
	jane := "--kubeconfig=" + person(t, namespace, "--single-user")
	id := detachedRun(t, namespace, calmly, jane)
	kfpperf(t, "delete", id, "-n", namespace, jane).expect(t, exitNoStart, "is under way")
	kfpperf(t, "delete", id, "-n", namespace, "--force", jane).expect(t, exitDone, "was removed")
	nothingIsLeft(t, namespace, id)
}

func TestLifeIsFollowedByTwoAtOnce(t *testing.T) {
	namespace := newNamespace(t)
	id := detachedRun(t, namespace, calmly)
	first, second := start(t, "attach", id, "-n", namespace), start(t, "attach", id, "-n", namespace)
	one, two := finish(t, first), finish(t, second)
	one.expect(t, exitDone)
	two.expect(t, exitDone)
	if one.result(t).RunID != id || two.result(t).RunID != id {
		t.Error("they have other results")
	}
	nothingIsLeft(t, namespace, id)
}

func TestLifeIsCompletedByKubectl(t *testing.T) {
	namespace, links := newNamespace(t), t.TempDir()
	id := detachedRun(t, namespace, calmly)
	kfpperf(t, "completion", "install", "--dir", links).expect(t, exitDone, "kubectl_complete-kfpperf")
	command := exec.Command("kubectl", "__complete", "kfpperf", "attach", "-n", namespace, "life-")
	command.Env = append(os.Environ(), "PATH="+links+":"+os.Getenv("PATH"))
	if completed, err := command.Output(); err != nil || string(completed) != id+"\n:4\n" {
		t.Errorf("%v, %q", err, completed)
	}
}
