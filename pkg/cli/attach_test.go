package cli

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// pressed are the later interrupts of a person who presses Ctrl-C again and again.
func pressed(times int) notify {
	return func(c chan<- os.Signal) func() {
		for range times {
			c <- os.Interrupt
		}
		return func() {}
	}
}

func TestARunThatIsDetachedPrintsItsIDs(t *testing.T) {
	a := newJobsAPI(t)
	a.running = []string{"a", "b"}
	code, stdout, stderr := a.inCluster(t.Context(), t, ofTwo, "--detach")
	if code != exitDone || len(written(t)) > 0 {
		t.Fatalf("exit %d, wrote %q\n%s", code, written(t), stderr)
	}
	if ids := strings.Fields(stdout); len(ids) != 2 || a.jobs[ids[0]] == nil || a.jobs[ids[1]] == nil {
		t.Errorf("printed %q", stdout)
	}
	says(t, stderr, `^✓ a: job kfpperf-tenants-.*-1 created$`, `^  come back with: kubectl kfpperf attach tenants-.*-2 -n b `)
	if slices.Contains(a.saw("GET"), "GET a/pods") {
		t.Error("a pod was waited for")
	}
	for _, place := range []string{"--local", "--sandbox"} {
		if code, _, stderr := a.call(t.Context(), interrupts, "run", "tenants.json", "--detach", place); code != exitUsage {
			t.Errorf("%s: exit %d\n%s", place, code, stderr)
		}
	}
}

func TestAttachIsAsIfRunHadNeverLeft(t *testing.T) {
	a := atWork(t)
	stdout, stderr := a.verb(t, exitDone, "attach", "pair-abc234", "-A")
	says(t, stderr, `^run pair-abc234 in 2 namespaces \(a, b\) · tenants · Ended$`, `#1 PIPELINE_RUN b  2/2 done$`)
	says(t, stdout, `^✓ run pair-abc234 passed in 2 namespaces`)
	if files := written(t); !slices.Equal(files, []string{"kfpperf-pair-abc234-1.json", "kfpperf-pair-abc234-2.json"}) {
		t.Errorf("%q", files)
	}
	a = atWork(t)
	a.problems = map[string]*handoff.Problem{"home": {Cause: "KFP cannot be reached"}}
	_, stderr = a.verb(t, exitNoStart, "attach", "done-abc234")
	says(t, stderr, `^✗ KFP cannot be reached$`, `^  Nothing was left in home\.$`)
}

func TestARunThatAnotherReleaseLaunchedIsLeftAlone(t *testing.T) {
	a := atWork(t)
	a.protocol = handoff.Protocol + 1
	_, stderr := a.verb(t, exitNoStart, "attach", "done-abc234")
	says(t, stderr, `^✗ the image and the plugin do not understand each other$`, `^  Use the plugin that launched the run\.$`, `^  The run was left in home\.$`)
	if removed := a.saw("DELETE"); len(removed) > 0 {
		t.Errorf("removed %q", removed)
	}
}

func TestASecondInterruptCancelsTheRun(t *testing.T) {
	a := newJobsAPI(t)
	ctx, interrupt := context.WithCancel(t.Context())
	a.follow = interrupt
	a.atHome(t, strings.Replace(ofTwo, `, "namespaces": ["a", "b"]`, "", 1))
	code, stdout, stderr := a.call(ctx, pressed(1), "run", "tenants.json")
	says(t, stderr, `^detaching; Ctrl-C again within 3 s cancels the run$`, `^✓ asked the run to stop; its result comes home when it has$`)
	says(t, stdout, `^✓ run tenants-`)
	for id := range a.jobs {
		if code != exitDone || a.stops[id] != string(handoff.StopDrain) || len(written(t)) != 1 {
			t.Errorf("exit %d, asked %q, wrote %q", code, a.stops[id], written(t))
		}
	}
}

func TestAnInterruptMayCancelAtOnce(t *testing.T) {
	a := atWork(t)
	ctx, interrupt := context.WithCancel(t.Context())
	var once sync.Once
	a.follow = func() { once.Do(interrupt) }
	code, _, stderr := a.call(ctx, pressed(0), "attach", "busy-abc234", "-n", "other", "--on-interrupt", "cancel")
	if code != exitDone || a.stops["busy-abc234"] != string(handoff.StopDrain) {
		t.Errorf("exit %d, asked %q\n%s", code, a.stops["busy-abc234"], stderr)
	}
	if strings.Contains(stderr, "again") {
		t.Errorf("asks what it was told\n%s", stderr)
	}
	a.verb(t, exitUsage, "attach", "busy-abc234", "--on-interrupt", "panic")
}

func TestCancelBringsThePartialResultHome(t *testing.T) {
	a := atWork(t)
	a.partial = true
	stdout, stderr := a.verb(t, exitInvalid, "cancel", "busy-abc234", "-n", "other", "--now")
	says(t, stderr, `^✓ asked the run to stop`, `^! the result is partial: `)
	says(t, stdout, `run busy-abc234 `)
	if a.stops["busy-abc234"] != string(handoff.StopNow) || !slices.Equal(written(t), []string{"kfpperf-busy-abc234.json"}) {
		t.Errorf("asked %q, wrote %q", a.stops["busy-abc234"], written(t))
	}
	_, stderr = a.verb(t, exitInvalid, "cancel", "done-abc234")
	says(t, stderr, `^✓ the run has ended already; its result comes home$`)
}

func TestCancelMayOnlyAsk(t *testing.T) {
	a := atWork(t)
	_, stderr := a.verb(t, exitDone, "cancel", "busy-abc234", "-n", "other", "--detach")
	says(t, stderr, `^  come back with: kubectl kfpperf attach busy-abc234 -n other `)
	if a.stops["busy-abc234"] != string(handoff.StopDrain) || len(written(t)) > 0 {
		t.Errorf("asked %q, wrote %q", a.stops["busy-abc234"], written(t))
	}
	a = atWork(t)
	a.refused = []string{"PATCH other/pods"}
	_, stderr = a.verb(t, exitNoStart, "cancel", "busy-abc234", "-n", "other")
	says(t, stderr, `^✗ you may not patch pods in namespace other`, `^  The run goes on in other\.$`)
}

func TestARunThatNeverStartedIsRemovedWhenItIsCancelled(t *testing.T) {
	for _, args := range [][]string{{}, {"--detach"}} {
		a := atWork(t)
		a.podless = []string{"home"}
		want := exitNoStart
		if len(args) > 0 {
			want = exitDone
		}
		_, stderr := a.verb(t, want, append([]string{"cancel", "done-abc234"}, args...)...)
		says(t, stderr, `^✓ the run had not started; its job was removed$`)
		if removed := a.saw("DELETE"); !slices.Contains(removed, "DELETE home/jobs/kfpperf-done-abc234") {
			t.Errorf("removed %q", removed)
		}
	}
}

func TestARunWhosePodIsGoneIsNotTakenForOneThatNeverStarted(t *testing.T) {
	a := atWork(t)
	a.follow = func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.podless = []string{"other"}
	}
	ctx, interrupt := context.WithCancel(t.Context())
	gone := a.follow
	a.follow = func() { gone(); interrupt() }
	code, _, stderr := a.call(ctx, pressed(0), "attach", "busy-abc234", "-n", "other", "--on-interrupt", "cancel")
	if removed := a.saw("DELETE"); code != exitNoStart || len(removed) > 0 {
		t.Errorf("exit %d, removed %q\n%s", code, removed, stderr)
	}
	says(t, stderr, `^✗ the pod of the run is gone, and its result with it$`, `^  The run was left in other\.$`)
}

func TestOfManyPartsOnlyTheWayBackToAllIsTold(t *testing.T) {
	a := newJobsAPI(t)
	a.running = []string{"a", "b", "c", "d"}
	code, _, stderr := a.inCluster(t.Context(), t, strings.Replace(ofTwo, `["a", "b"]`, `["a", "b", "c", "d"]`, 1), "--detach")
	if code != exitDone || strings.Count(stderr, "come back with") != 1 {
		t.Errorf("exit %d\n%s", code, stderr)
	}
	says(t, stderr, `^  come back with: kubectl kfpperf attach tenants-[2-9a-z]{6} -A --kubeconfig=`)
}

func TestAReplayTellsOnlyWhatStands(t *testing.T) {
	var out strings.Builder
	c := newConsole(&out, newLogOptions(), slog.DiscardHandler)
	j := &clusterJob{attendant: &attendant{console: c, kubernetes: program{}.newAttendant().kubernetes}, id: "r", namespace: "ns", replay: &replay{}}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for done := range 5 {
		event := handoff.Event{N: done + 1, Type: handoff.EventProgress, Time: at.Add(time.Duration(done) * time.Minute),
			Progress: []handoff.EntryProgress{{Mode: "PIPELINE_RUN", Phase: "running", Total: 9, Succeeded: done, Started: done}}}
		if err := j.hear(event); err != nil {
			t.Fatal(err)
		}
		j.line("a call")
	}
	if out.Len() > 0 {
		t.Errorf("told while it replays: %s", out.String())
	}
	j.caughtUp()
	j.line("a new call")
	if want := "  5 earlier lines of the worker's own log: kubectl kfpperf logs r -n ns\n  04:00  #1 PIPELINE_RUN  4/9 done\n  a new call\n"; out.String() != want {
		t.Errorf("told\n%s", out.String())
	}
}
