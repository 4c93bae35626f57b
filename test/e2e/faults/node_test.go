//go:build e2e && !multiuser

package faults

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// daemon tells one of the node's programs what to do, and returns when that is done.
func daemon(t *testing.T, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute) // it is also called when the test's own has ended
	defer cancel()
	command := exec.CommandContext(ctx, "go", append([]string{"-C", "../../cluster", "run", ".", "daemon"}, args...)...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("daemon %v: %v: %s", args, err, output)
	}
}

// kill ends one of the node's programs as the kernel does it for want of memory; it is back at the end of the test at
// the latest.
func kill(t *testing.T, name string) {
	t.Helper()
	t.Cleanup(func() { daemon(t, "start", name) })
	daemon(t, "kill", name)
}

// killContainer ends the process of a pod's container, as the kernel does it for want of memory.
func killContainer(t *testing.T, namespace, pod, container string) {
	t.Helper()
	id := drive.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o",
		fmt.Sprintf(`jsonpath={.status.containerStatuses[?(@.name=="%s")].containerID}`, container))
	command := exec.Command("ctr", "--address", "/run/kfpperf-cluster/containerd.sock", "--namespace", "k8s.io",
		"tasks", "kill", "--signal", "SIGKILL", strings.TrimPrefix(id, "containerd://"))
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("killing container %s of %s: %v: %s", container, pod, err, output)
	}
}

// runningPod waits until the runner of the namespace's one run is at work, and returns its pod.
func runningPod(t *testing.T, namespace string) string {
	t.Helper()
	var pod string
	drive.Eventually(t, drive.Soon, "the runner is running", func() (bool, string) {
		state := drive.Kubectl(t, "get", "pods", "-n", namespace, "-o", fmt.Sprintf(
			`jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[?(@.name=="%s")].state.running.startedAt}{end}`, handoff.RunnerContainer))
		name, since, _ := strings.Cut(state, " ")
		pod = name
		return since != "", state
	})
	return pod
}
