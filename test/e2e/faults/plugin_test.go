//go:build e2e && !multiuser

package faults

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestPluginKilledAtRandomMoments(t *testing.T) {
	f := meet(t, "plugin killed by SIGKILL at 3 random moments, collect from another folder")
	killedAndCollected(t, f, 3)
}

// killedAndCollected kills the plugin at random moments of as many runs, and collects the results later.
func killedAndCollected(t *testing.T, f *fault, times int) {
	t.Helper()
	f.row.Noticed = "not told: the run goes on"
	for range times {
		namespace := drive.NewNamespace(t)
		call := drive.StartRun(t, namespace, reading(t, 5*time.Second, "5/s"))
		id := call.RunID(t)
		drive.Eventually(t, drive.Soon, "the job is created", func() (bool, string) {
			jobs := drive.Kubectl(t, "get", "jobs", "-n", namespace, "-o", "name")
			return jobs != "", jobs
		})
		time.Sleep(rand.N(9 * time.Second))
		killed(t, call)
		pod := runningOrEnded(t, namespace)
		numbersWithoutAGap(t, namespace, pod)
		commit := commitOf(t, namespace, pod)
		done := drive.Kfpperf(t, "collect", id, "-n", namespace)
		f.ends(done, namespace, asIfNothingHappened())
		if sum := handoff.Sum(done.File(t)); sum != commit.SHA256 {
			t.Errorf("the file has sha256 %s, the commit record says %s", sum, commit.SHA256)
		}
	}
}

// killed kills a plugin that may have ended by itself.
func killed(t *testing.T, call *drive.Call) {
	t.Helper()
	_ = call.Command.Process.Signal(syscall.SIGKILL) // it may be over
	drive.Finish(t, call)
}

// runningOrEnded waits until a run has ended, and returns its pod.
func runningOrEnded(t *testing.T, namespace string) string {
	t.Helper()
	var pod string
	drive.Eventually(t, time.Minute, "the run has ended", func() (bool, string) {
		state := drive.Kubectl(t, "get", "pods", "-n", namespace, "-o", `jsonpath={range .items[*]}{.metadata.name} {.status.phase}{end}`)
		name, phase, _ := strings.Cut(state, " ")
		pod = name
		return phase == "Succeeded", state
	})
	return pod
}

// commitOf reads the commit record of a run that has ended.
func commitOf(t *testing.T, namespace, pod string) handoff.Commit {
	t.Helper()
	commit, err := handoff.ParseCommit(drive.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o",
		fmt.Sprintf(`jsonpath={.status.containerStatuses[?(@.name=="%s")].state.terminated.message}`, handoff.ResultsContainer)))
	if err != nil {
		t.Fatal(err)
	}
	return commit
}

// numbersWithoutAGap reads the events of a runner that has ended, the last of which says so.
func numbersWithoutAGap(t *testing.T, namespace, pod string) {
	t.Helper()
	n, last := 0, handoff.EventType("")
	for line := range strings.Lines(drive.Kubectl(t, "logs", pod, "-c", handoff.RunnerContainer, "-n", namespace)) {
		event, ok := handoff.ParseEvent(line)
		if !ok {
			continue
		}
		if n++; event.N != n {
			t.Fatalf("event %d stands in the place of event %d", event.N, n)
		}
		last = event.Type
	}
	if n < 3 || last != handoff.EventHanded {
		t.Errorf("%d events, the last of which is %q", n, last)
	}
}
