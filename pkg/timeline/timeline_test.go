package timeline

import (
	"reflect"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// at is a moment of the server's, in seconds after the run's creation.
func at(second int) time.Time { return time.Date(2026, 1, 2, 3, 4, second, 0, time.UTC) }

// task is a node that ran from one second to another.
func task(name, node string, from, to int, children ...string) kfp.Task {
	return kfp.Task{Name: name, Node: node, State: "SUCCEEDED", Start: at(from), End: at(to), Children: children}
}

// shifted returns a run whose first pod began a second before it, and whose workflow ended a second after it.
func shifted(r kfp.Run) kfp.Run {
	r.Created, r.Finished = at(2), at(19)
	r.Tasks[0].Start, r.Tasks[0].End = at(1), at(20)
	r.Tasks[1].Start, r.Tasks[1].End = at(1), at(4)
	r.Tasks[1].End = at(5)
	for i := 2; i < len(r.Tasks); i++ {
		r.Tasks[i].Start, r.Tasks[i].End = r.Tasks[i].Start.Add(time.Second), r.Tasks[i].End.Add(time.Second)
	}
	return r
}

func seconds(queue, drivers, executors, scheduling, unattributed int) Stages {
	s := func(n int) time.Duration { return time.Duration(n) * time.Second }
	return Stages{s(queue), s(drivers), s(executors), s(scheduling), s(unattributed)}
}

// addNumbers is a v2 pipeline of one step, as KFP 2.0.5 tells of it.
func addNumbers() kfp.Run {
	return kfp.Run{State: "SUCCEEDED", Created: at(0), Finished: at(20), Tasks: []kfp.Task{
		task("add-numbers-x7k2p", "w", 1, 19, "w-1"),
		task("root-driver", "w-1", 1, 4, "w-2"),
		task("root", "w-2", 6, 18, "w-3"),
		task("add-driver", "w-3", 6, 9, "w-4"),
		task("add", "w-4", 11, 18, "w-5"),
		task("executor", "w-5", 11, 18),
	}}
}

// unnamed returns a run whose tasks have children, and no names for these to be found by: so do KFP 2.0.5 and 2.17.
func unnamed(r kfp.Run) kfp.Run {
	for i := range r.Tasks {
		r.Tasks[i].Node = ""
	}
	return r
}

func TestStagesAreTheWholeAndNoneIsGuessed(t *testing.T) {
	for name, test := range map[string]struct {
		run  kfp.Run
		want Stages
	}{
		"one step":              {addNumbers(), seconds(1, 6, 7, 4, 2)},
		"one step, no names":    {unnamed(addNumbers()), seconds(1, 6, 7, 4, 2)},
		"clocks a second apart": {shifted(addNumbers()), seconds(0, 6, 7, 4, 0)},
		"two branches": {kfp.Run{Created: at(0), Finished: at(31), Tasks: []kfp.Task{
			task("w", "w", 0, 30, "d"),
			task("root-driver", "d", 2, 4, "r"),
			task("root", "r", 5, 30, "d1", "d2"),
			task("slow-driver", "d1", 5, 8, "g1"), task("slow", "g1", 9, 29, "e1"), task("executor", "e1", 9, 29),
			task("quick-driver", "d2", 5, 6, "g2"), task("quick", "g2", 8, 9, "e2"), task("executor", "e2", 8, 9),
		}}, seconds(2, 5, 20, 3, 1)},
		// The second step waits for the first by the workflow, though another one ended right before it.
		"a step after another": {kfp.Run{Created: at(0), Finished: at(30), Tasks: []kfp.Task{
			task("root-driver", "d", 0, 1, "r"), task("root", "r", 1, 30, "d1", "d3"),
			task("first-driver", "d1", 1, 2, "g1"), task("first", "g1", 2, 10, "e1"), task("executor", "e1", 2, 10, "d2"),
			task("second-driver", "d2", 15, 16, "g2"), task("second", "g2", 18, 30, "e2"), task("executor", "e2", 18, 30),
			task("other-driver", "d3", 1, 3, "g3"), task("other", "g3", 3, 17, "e3"), task("executor", "e3", 3, 17),
		}}, seconds(0, 3, 20, 7, 0)},
		"a v1 workflow": {kfp.Run{Created: at(0), Finished: at(12), Tasks: []kfp.Task{
			task("noop-abc", "w", 1, 12, "a"), task("a", "a", 1, 5, "b"), task("b", "b", 7, 12),
		}}, seconds(1, 0, 9, 2, 0)},
		"a v1 workflow, no names": {unnamed(kfp.Run{Created: at(0), Finished: at(12), Tasks: []kfp.Task{
			task("noop-abc", "w", 1, 12, "a"), task("a", "a", 1, 5, "b"), task("b", "b", 7, 12),
		}}), seconds(1, 0, 9, 2, 0)},
		"no time at all": {kfp.Run{Created: at(5), Finished: at(5), Tasks: []kfp.Task{
			task("root-driver", "d", 5, 5, "r"), task("root", "r", 5, 5, "e"), task("executor", "e", 5, 5),
		}}, Stages{}},
		"pods that overlap": {kfp.Run{Created: at(0), Finished: at(10), Tasks: []kfp.Task{
			task("root-driver", "d", 0, 6, "e"), task("executor", "e", 5, 10),
		}}, seconds(5, 0, 5, 0, 0)},
	} {
		got := Of(test.run).Stages
		if got == nil || *got != test.want {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
			continue
		}
		all := got.Queue + got.Drivers + got.Executors + got.Scheduling + got.Unattributed
		if whole := test.run.Finished.Sub(test.run.Created); all != whole {
			t.Errorf("%s: the stages are %s of %s", name, all, whole)
		}
	}
}

func TestStepsAreCounted(t *testing.T) {
	skipped := func(name, node string, second int) kfp.Task {
		return kfp.Task{Name: name, Node: node, State: "SKIPPED", Start: at(second), End: at(second)}
	}
	for name, test := range map[string]struct {
		nodes                  []kfp.Task
		tasks, cached, retried int
	}{
		"one step": {addNumbers().Tasks, 1, 0, 0},
		"cached": {[]kfp.Task{
			task("root-driver", "d", 0, 1, "r"), task("root", "r", 1, 3, "d1"), task("work-driver", "d1", 1, 2, "g"),
			task("work", "g", 3, 3, "e"), skipped("executor", "e", 3),
		}, 1, 1, 0},
		"tried again": {[]kfp.Task{
			task("root-driver", "d", 0, 1, "r"), task("root", "r", 1, 9, "g"),
			task("executor", "g", 1, 9, "e0", "e1"),
			task("executor(0)", "e0", 1, 3), task("executor(1)", "e1", 4, 9),
		}, 1, 0, 1},
		"tried again, no names": {[]kfp.Task{
			task("root-driver", "", 0, 1, "r"), task("root", "", 1, 9, "g"), task("executor", "", 1, 9, "e0", "e1"),
			task("executor(0)", "", 1, 3), task("executor(1)", "", 4, 9),
		}, 1, 0, 1},
		"none": {nil, 0, 0, 0},
	} {
		line := Of(kfp.Run{Created: at(0), Finished: at(10), Tasks: test.nodes})
		if line.Tasks != test.tasks || line.Cached != test.cached || line.Retried != test.retried {
			t.Errorf("%s: %+v", name, line)
		}
	}
}

func TestWhatTheServerDoesNotTellIsNotKnown(t *testing.T) {
	unfinished, unborn, running := addNumbers(), addNumbers(), addNumbers()
	unfinished.Finished, unborn.Created = time.Time{}, time.Time{}
	for i := range running.Tasks {
		running.Tasks[i].End = time.Time{}
	}
	for name, r := range map[string]kfp.Run{
		"nothing": {}, "no tasks": {Created: at(0), Finished: at(9)}, "no end": unfinished, "no creation": unborn, "tasks without an end": running,
	} {
		if line := Of(r); line.Stages != nil {
			t.Errorf("%s: %+v", name, *line.Stages)
		}
	}
	if first := Of(unfinished).First; !first.Equal(at(1)) {
		t.Errorf("the first task of a run that goes on started at %s", first)
	}
}

func TestTimesThatCannotBeAreCountedAndNotUsed(t *testing.T) {
	for name, change := range map[string]func(*kfp.Run){
		"a task that ended before it started":  func(r *kfp.Run) { r.Tasks[5].End = at(10) },
		"a task that is older than its run":    func(r *kfp.Run) { r.Created = at(3) },
		"a task that ended after the run":      func(r *kfp.Run) { r.Finished = at(15) },
		"a run that ended before its creation": func(r *kfp.Run) { r.Created = at(6); r.Finished = at(5); r.Tasks = r.Tasks[2:3] },
	} {
		r := addNumbers()
		change(&r)
		if line := Of(r); line.Impossible == 0 {
			t.Errorf("%s: %+v, stages %+v", name, line, line.Stages)
		}
	}
	if line := Of(addNumbers()); line.Impossible != 0 {
		t.Errorf("a run like any other has %d impossible times", line.Impossible)
	}
}

func TestARunIsCompleteWhenAllItsTasksHaveEnded(t *testing.T) {
	open := addNumbers()
	open.Tasks[2].End = time.Time{}
	pending := addNumbers()
	pending.Tasks = append(pending.Tasks, kfp.Task{Name: "executor", State: "PENDING"})
	for name, test := range map[string]struct {
		run  kfp.Run
		want bool
	}{"all ended": {addNumbers(), true}, "one goes on": {open, false}, "one never started": {pending, true}, "none": {kfp.Run{}, false}} {
		if got := Complete(test.run); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestWalksEnd gives graphs that no workflow has.
func TestWalksEnd(t *testing.T) {
	circle := kfp.Run{Created: at(0), Finished: at(9), Tasks: []kfp.Task{
		task("root-driver", "a", 0, 9, "b"), task("executor", "b", 0, 9, "a", "b", "nowhere"), task("executor", "", 0, 9),
	}}
	if got := Of(circle).Stages; !reflect.DeepEqual(*got, seconds(0, 9, 0, 0, 0)) && !reflect.DeepEqual(*got, seconds(0, 0, 9, 0, 0)) {
		t.Errorf("%+v", *got)
	}
}
