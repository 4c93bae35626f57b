//go:build e2e && !multiuser

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestInterruptLeavesTheRunAlone(t *testing.T) {
	namespace := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "long.json",
		`[{"mode": "PIPELINE_RUN", "startTime": "20s", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	jane := drive.Person(t, namespace, "--single-user") // the commands that are printed are for her, too
	attached := drive.StartRun(t, namespace, file, "--kubeconfig", jane)
	drive.Eventually(t, drive.Soon, "the runner is running", func() (bool, string) {
		phase := drive.Kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].status.phase}")
		return phase == "Running", phase
	})
	if err := attached.Command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	done := drive.Finish(t, attached)
	done.Expect(t, drive.ExitDetached, "detached")
	follow, remove := printedCommand(t, done, "follow it with: "), printedCommand(t, done, "remove it with: ")
	log, err := exec.Command("bash", "-c", follow).CombinedOutput()
	if err != nil || !strings.Contains(string(log), "1/1") {
		t.Errorf("%s: %v\n%s", follow, err, log)
	}
	if output, err := exec.Command("bash", "-c", remove).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", remove, err, output)
	}
	drive.NothingIsLeft(t, namespace, done.RunID(t))
}

// printedCommand returns the command that the plugin told its user to type.
func printedCommand(t *testing.T, o drive.Outcome, introduction string) string {
	t.Helper()
	for line := range strings.Lines(o.Stderr) {
		if _, command, found := strings.Cut(line, introduction); found {
			return strings.TrimRight(command, "\n")
		}
	}
	t.Fatalf("no %q among what was printed", introduction)
	return ""
}

func TestPodThatDiesInTheMiddle(t *testing.T) {
	namespace := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "dies.json",
		`[{"mode": "PIPELINE_RUN", "startTime": 5, "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	following := drive.StartRun(t, namespace, file)
	drive.Eventually(t, drive.Soon, "the runner is running", func() (bool, string) {
		phase := drive.Kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].status.phase}")
		return phase == "Running", phase
	})
	time.Sleep(2 * time.Second) // let the log stream begin
	drive.Kubectl(t, "delete", "pods", "--all", "-n", namespace, "--grace-period=0", "--force")
	done := drive.Finish(t, following)
	if done.Code != drive.ExitNoStart && done.Code != drive.ExitInvalid {
		t.Errorf("exit %d, want %d or %d", done.Code, drive.ExitNoStart, drive.ExitInvalid)
	}
	done.Expect(t, done.Code, "pod", "kubectl")
}
