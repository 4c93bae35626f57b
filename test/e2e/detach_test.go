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
	t.Parallel()
	namespace := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "long.json",
		`[{"mode": "PIPELINE_RUN", "startTime": "20s", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	jane := drive.Person(t, namespace, "--single-user") // the commands that are printed are for her, too
	attached := drive.Start(t, "run", file, "-n", namespace, "--image", drive.Image(t), "--kubeconfig", jane)
	drive.Eventually(t, drive.Soon, "the runner is running", func() (bool, string) {
		phase := drive.Kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].status.phase}")
		return phase == "Running", phase
	})
	interrupt(t, attached)
	done := drive.Finish(t, attached)
	done.Expect(t, drive.ExitDetached, "detached")
	for _, introduction := range []string{"come back with: ", "stop it with: "} {
		command := printedCommand(t, done, introduction)
		if words := strings.Fields(command); words[3] != done.RunID(t) {
			t.Errorf("%s is not about run %s", command, done.RunID(t))
		}
	}
	back := exec.Command("bash", "-c", printedCommand(t, done, "come back with: "))
	back.Dir = done.Dir
	if output, err := back.CombinedOutput(); err != nil || !strings.Contains(string(output), "1/1") {
		t.Errorf("%v\n%s", err, output)
	}
	done.Result(t)
	drive.NothingIsLeft(t, namespace, done.RunID(t))
}

// interrupt does what Ctrl-C does.
func interrupt(t *testing.T, c *drive.Call) {
	t.Helper()
	if err := c.Command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
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
	t.Parallel()
	namespace := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "dies.json",
		`[{"mode": "PIPELINE_RUN", "startTime": 5, "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	following := drive.Start(t, "run", file, "-n", namespace, "--image", drive.Image(t))
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
