//go:build e2e && !multiuser

package e2e

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestInterruptLeavesTheRunAlone(t *testing.T) {
	namespace := newNamespace(t)
	file := scenarioFile(t, "long.json",
		`[{"mode": "PIPELINE_RUN", "startTime": "20s", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	jane := person(t, namespace, "--single-user") // the commands that are printed are for her, too
	attached := start(t, "run", file, "-n", namespace, "--image", image(t), "--kubeconfig", jane)
	eventually(t, soon, "the runner is running", func() (bool, string) {
		phase := kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].status.phase}")
		return phase == "Running", phase
	})
	interrupt(t, attached)
	done := finish(t, attached)
	done.expect(t, exitDetached, "detached")
	for _, introduction := range []string{"come back with: ", "stop it with: "} {
		command := printedCommand(t, done, introduction)
		if words := strings.Fields(command); words[3] != done.runID(t) {
			t.Errorf("%s is not about run %s", command, done.runID(t))
		}
	}
	back := exec.Command("bash", "-c", printedCommand(t, done, "come back with: "))
	back.Dir = done.dir
	if output, err := back.CombinedOutput(); err != nil || !strings.Contains(string(output), "1/1") {
		t.Errorf("%v\n%s", err, output)
	}
	done.result(t)
	nothingIsLeft(t, namespace, done.runID(t))
}

// interrupt does what Ctrl-C does.
func interrupt(t *testing.T, c *call) {
	t.Helper()
	if err := c.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
}

// printedCommand returns the command that the plugin told its user to type.
func printedCommand(t *testing.T, o outcome, introduction string) string {
	t.Helper()
	for line := range strings.Lines(o.stderr) {
		if _, command, found := strings.Cut(line, introduction); found {
			return strings.TrimRight(command, "\n")
		}
	}
	t.Fatalf("no %q among what was printed", introduction)
	return ""
}

func TestPodThatDiesInTheMiddle(t *testing.T) {
	namespace := newNamespace(t)
	file := scenarioFile(t, "dies.json",
		`[{"mode": "PIPELINE_RUN", "startTime": 5, "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	following := start(t, "run", file, "-n", namespace, "--image", image(t))
	eventually(t, soon, "the runner is running", func() (bool, string) {
		phase := kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].status.phase}")
		return phase == "Running", phase
	})
	time.Sleep(2 * time.Second) // let the log stream begin
	kubectl(t, "delete", "pods", "--all", "-n", namespace, "--grace-period=0", "--force")
	done := finish(t, following)
	if done.code != exitNoStart && done.code != exitInvalid {
		t.Errorf("exit %d, want %d or %d", done.code, exitNoStart, exitInvalid)
	}
	done.expect(t, done.code, "pod", "kubectl")
}
