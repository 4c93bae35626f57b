package workload

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// anEntry is an entry of one run that was created at its start.
func anEntry(t *testing.T) *Entry {
	t.Helper()
	target := &Target{RunID: "r", Started: time.Now(), KeepRuns: 100}
	e, err := NewEntry(target, NewTracker(target, time.Second), 0, scenario.Entry{Mode: scenario.PipelineRun, NumTimes: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e.enter(Running)
	e.sent(slot{Slot: load.Slot{Planned: target.Started}, done: func() {}}, "r-1-1")
	e.answered(0, following, "id", "", target.now())
	return e
}

func TestAStateThatTheServerDoesNotNameIsPassedOver(t *testing.T) {
	e := anEntry(t)
	first := e.target.Started.Add(time.Second)
	for i, state := range []string{"", "PENDING", "RUNNING", "", "RUNNING"} {
		if !e.saw(0, kfp.Run{State: state}, first.Add(time.Duration(i)*time.Second)) {
			t.Errorf("nothing more is awaited after state %q", state)
		}
	}
	r := e.Result(0).Runs[0]
	if r.State != "RUNNING" || !r.Running.Equal(first.Add(2*time.Second)) || !r.Terminal.IsZero() {
		t.Errorf("the run is %+v", r)
	}
	e.saw(0, kfp.Run{}, first)
	if state := e.Result(0).Runs[0].State; state != "RUNNING" {
		t.Errorf("the last word is %q", state)
	}
}

func TestWhatComesAfterTheEndIsPassedOver(t *testing.T) {
	e := anEntry(t)
	e.close()
	if e.saw(0, kfp.Run{State: result.Succeeded}, e.target.now()) {
		t.Error("an entry that is closed wants more")
	}
	e.gaveUp(0, refused)
	if c := e.Result(0).Counts; c != (result.Counts{Planned: 1, Unfinished: 1}) {
		t.Errorf("counts %+v", c)
	}
}

func TestWarningsMayBeAskedForTwice(t *testing.T) {
	e := anEntry(t)
	e.warn("doubt")
	first := e.Warnings()
	second := e.Warnings()
	if len(first) != 2 || first[0] != "entry 1 (PIPELINE_RUN): doubt" || first[0] != second[0] || first[1] != second[1] {
		t.Errorf("%q, then %q", first, second)
	}
}

func TestStem(t *testing.T) {
	for file, want := range map[string]string{
		"a.yaml": "a", "a.b.yml": "a.b", "a.json": "a", "a.zip": "a", "a.tar.gz": "a", "a": "a",
	} {
		if got := stem(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}
