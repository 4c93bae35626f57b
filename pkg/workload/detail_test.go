package workload

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// ended is a run that the server says has ended, with a task whose end it may not know yet.
func ended(e *Entry, state string, known bool) kfp.Run {
	created := e.target.Started.Truncate(time.Second)
	task := kfp.Task{Name: "a", Node: "a", State: "SUCCEEDED", Start: created.Add(time.Second)}
	if known {
		task.End = created.Add(3 * time.Second)
	}
	return kfp.Run{
		State: state, Created: created, Finished: created.Add(4 * time.Second), Persisted: created.Add(5 * time.Second), Tasks: []kfp.Task{task},
	}
}

func TestARunThatEndedIsLookedAtUntilItsTasksHaveEnded(t *testing.T) {
	e := anEntry(t)
	e.target.Ahead = func() (time.Duration, bool) { return -time.Second, true }
	settled := false
	e.book.runs[0].settle = func() { settled = true }
	end := e.target.Started.Truncate(time.Second).Add(9 * time.Second)
	if !e.saw(0, ended(e, result.Succeeded, false), end) {
		t.Fatal("the ends of its tasks are not awaited")
	}
	if !settled {
		t.Error("the end of the run is not told before its tasks are known")
	}
	if e.saw(0, ended(e, result.Succeeded, true), end.Add(time.Second)) {
		t.Error("more is awaited when all is known")
	}
	r := e.Result(0).Runs[0]
	if !r.Terminal.Equal(end) || r.Stages == nil || *r.Stages != (result.Stages{Queue: 1, Executors: 2, Unattributed: 1}) || *r.Tasks != 1 || *r.CachedTasks != 0 {
		t.Errorf("the run is %+v, its stages %+v", r, r.Stages)
	}
	if r.DetectionSeconds == nil || *r.DetectionSeconds != 3 { // written down after 5 s, seen after 9 s of a clock that is 1 s ahead
		t.Errorf("detection %v", r.DetectionSeconds)
	}
}

func TestTasksThatNeverEndAreGivenUp(t *testing.T) {
	e := anEntry(t)
	for look := range moreLooks + 1 {
		if more := e.saw(0, ended(e, "FAILED", false), e.target.now()); more != (look < moreLooks) {
			t.Errorf("look %d: more %t", look, more)
		}
	}
	if r := e.Result(0).Runs[0]; r.Stages != nil || r.DetectionSeconds != nil || e.book.detailing != 0 {
		t.Errorf("%+v, %d are awaited", r, e.book.detailing)
	}
	if c := e.Result(0).Counts; c != (result.Counts{Planned: 1, Failed: 1}) {
		t.Errorf("counts %+v", c)
	}
}

func TestARunThatVanishesAfterItsEndHasEnded(t *testing.T) {
	e := anEntry(t)
	e.saw(0, ended(e, result.Succeeded, false), e.target.now())
	e.gaveUp(0, vanished)
	if outcome := e.Result(0); outcome.Counts.Succeeded != 1 || e.book.detailing != 0 || outcome.Figure(result.MetricDuration).Count() != 1 {
		t.Errorf("counts %+v, %d are awaited", outcome.Counts, e.book.detailing)
	}
}

func TestManyRunsAreFiguresAndFewAreKept(t *testing.T) {
	e := anEntry(t)
	e.target.KeepRuns = 10
	e.saw(0, ended(e, result.Succeeded, true), e.target.now())
	for i := 1; i < 100; i++ {
		s := slot{Slot: load.Slot{Index: i, Planned: e.target.now()}, done: func() {}}
		e.sent(s, "r")
		e.answered(i, following, "id", "", e.target.now())
		state := result.Succeeded
		if i >= 50 {
			state = "FAILED"
		}
		e.saw(i, ended(e, state, true), e.target.now())
		if e.saw(i, ended(e, state, true), e.target.now()) {
			t.Fatal("a run that is gone is looked at again")
		}
	}
	outcome := e.Result(time.Second)
	if len(outcome.Runs) != 11 || outcome.RunsLeftOut != 89 || outcome.Runs[10].Slot != 50 || len(e.book.runs) != 11 {
		t.Errorf("%d runs, %d left out, %d remembered", len(outcome.Runs), outcome.RunsLeftOut, len(e.book.runs))
	}
	if n := outcome.Figure(result.MetricDuration).Count(); n != 50 || outcome.Counts.Succeeded != 50 || outcome.Counts.Failed != 50 {
		t.Errorf("%d durations, counts %+v", n, outcome.Counts)
	}
	planned, sent, _ := outcome.Load.Sending()
	if peak, _ := outcome.Load.Peak(); planned != 100 || sent != 100 || peak > 1 {
		t.Errorf("load: %d planned, %d sent, %g in flight", planned, sent, peak)
	}
}

func TestThePaceFollowsTheServer(t *testing.T) {
	const second = time.Second
	for name, test := range map[string]struct {
		namespace string
		followed  int
		latency   time.Duration
		want      time.Duration
	}{
		"a quick server":                     {"", 100, 10 * time.Millisecond, second},
		"a quick server with many runs":      {"", 101, 10 * time.Millisecond, second / 2},
		"a slower server with many runs":     {"", 101, 200 * time.Millisecond, 800 * time.Millisecond},
		"a multi-user server with many runs": {"team", 101, 10 * time.Millisecond, second},
		"a throttled server":                 {"team", 101, 800 * time.Millisecond, 3200 * time.Millisecond},
		"a server that hardly answers":       {"", 1000, time.Minute, 5 * second},
	} {
		tracker := NewTracker(&Target{Namespace: test.namespace}, second)
		tracker.followed = make([]*followed, test.followed)
		for range 50 {
			tracker.took(test.latency)
		}
		if got := tracker.pace(); (got - test.want).Abs() > time.Millisecond {
			t.Errorf("%s: every %s, want %s", name, got, test.want)
		}
	}
}
