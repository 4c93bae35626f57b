package cluster

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// jobOf is the Job of a run in namespace ns.
func jobOf(id, group string, conditions ...batchv1.JobConditionType) batchv1.Job {
	job := batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: jobspec.JobName(id), Namespace: "ns",
		Labels: map[string]string{jobspec.RunLabel: id, jobspec.ManagedByLabel: jobspec.ManagedBy},
	}}
	if group != "" {
		job.Labels[jobspec.GroupLabel] = group
	}
	for _, condition := range conditions {
		job.Status.Conditions = append(job.Status.Conditions, batchv1.JobCondition{
			Type: condition, Status: corev1.ConditionTrue, Reason: "DeadlineExceeded", Message: "too long",
		})
	}
	return job
}

// recordOf is a commit record of run r.
func recordOf(t *testing.T, c handoff.Commit) string {
	t.Helper()
	c.RunID = "r"
	encoded, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func TestThePhaseOfARun(t *testing.T) {
	passed := recordOf(t, handoff.Commit{Verdict: "passed", SHA256: "abc"})
	partial := recordOf(t, handoff.Commit{Verdict: "invalid", SHA256: "abc", Partial: true, Problem: &handoff.Problem{Cause: "cancelled"}})
	none := recordOf(t, handoff.Commit{Problem: &handoff.Problem{Cause: "KFP cannot be reached"}})
	collected := jobOf("r", "")
	collected.Annotations = map[string]string{jobspec.CollectedAnnotation: "abc"}
	stopping := podIn("p", isRunning(), isRunning())
	stopping.Annotations = map[string]string{handoff.StopAnnotation: "drain"}
	evicted := podIn("p", isRunning(), isRunning())
	evicted.Status.Phase, evicted.Status.Reason = corev1.PodFailed, "Evicted"
	pod := func(runner, results corev1.ContainerState) *corev1.Pod {
		p := podIn("p", runner, results)
		return &p
	}
	for name, test := range map[string]struct {
		job     batchv1.Job
		pod     *corev1.Pod
		want    Phase
		verdict string
		problem string
	}{
		"no pod yet":             {jobOf("r", ""), nil, PhasePending, "", ""},
		"no pod any more":        {jobOf("r", "", batchv1.JobFailed), nil, PhaseFailed, "", "DeadlineExceeded: too long"},
		"an image on its way":    {jobOf("r", ""), pod(isWaiting("ContainerCreating", ""), isWaiting("ContainerCreating", "")), PhasePending, "", ""},
		"an image that may come": {jobOf("r", ""), pod(isWaiting("ErrImagePull", "503"), isWaiting("", "")), PhasePending, "", "cannot be pulled"},
		"no image":               {jobOf("r", ""), pod(isWaiting("InvalidImageName", ""), isWaiting("", "")), PhaseFailed, "", "is no image name"},
		"at work":                {jobOf("r", ""), pod(isRunning(), isRunning()), PhaseRunning, "", ""},
		"asked to stop":          {jobOf("r", ""), &stopping, PhaseStopping, "", ""},
		"shipping":               {jobOf("r", ""), pod(isOver(""), isRunning()), PhaseEnded, "", ""},
		"a result":               {jobOf("r", "", batchv1.JobComplete), pod(isOver(""), isOver(passed)), PhaseEnded, "passed", ""},
		"half a result":          {jobOf("r", ""), pod(isOver(""), isOver(partial)), PhaseEnded, "partial", ""},
		"no result":              {jobOf("r", ""), pod(isOver(""), isOver(none)), PhaseFailed, "", "KFP cannot be reached"},
		"no record":              {jobOf("r", ""), pod(isOver(""), isOver("")), PhaseFailed, "", "without a record"},
		"evicted":                {jobOf("r", ""), &evicted, PhaseFailed, "", "Evicted"},
		"collected":              {collected, pod(isOver(""), isOver(passed)), PhaseCollected, "passed", ""},
		"collected, and gone":    {collected, nil, PhaseCollected, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := runOf(&test.job, test.pod)
			if r.Phase != test.want || r.Verdict() != test.verdict || (r.Problem == nil) != (test.problem == "") {
				t.Errorf("%s, verdict %q, problem %v", r.Phase, r.Verdict(), r.Problem)
			}
			if r.Problem != nil && !strings.Contains(r.Problem.Error(), test.problem) {
				t.Errorf("problem %v", r.Problem)
			}
		})
	}
}

func TestRunsAreFoundByTheirOwnIDOrThatOfTheirGroup(t *testing.T) {
	a, c := newAPI(t)
	foreign := jobOf("x", "")
	foreign.Name = "not-ours"
	a.jobs = []batchv1.Job{jobOf("pair-10", "pair"), jobOf("pair-2", "pair"), jobOf("r", ""), foreign}
	ids := func(runs []Run) (all []string) {
		for _, r := range runs {
			all = append(all, r.ID)
		}
		return all
	}
	for id, want := range map[string][]string{"r": {"r"}, "pair": {"pair-2", "pair-10"}, "pair-2": {"pair-2"}} {
		if found, err := c.Find(t.Context(), id); err != nil || !slices.Equal(ids(found), want) {
			t.Errorf("%s: %v, %v", id, ids(found), err)
		}
	}
	for _, id := range []string{"x", "nobody"} {
		if _, err := c.Find(t.Context(), id); !errors.Is(err, ErrNoRun) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if all, err := c.Runs(t.Context()); err != nil || len(all) != 3 {
		t.Errorf("%v, %v", ids(all), err)
	}
	if named, err := c.RunIDs(t.Context()); err != nil || !slices.Equal(named, []string{"pair", "pair-10", "pair-2", "r"}) {
		t.Errorf("%q, %v", named, err)
	}
	a.refusals["GET jobs"] = forbidden()
	var problem *handoff.Problem
	if _, err := c.Runs(t.Context()); !errors.As(err, &problem) || problem.Cause != "you may not list jobs in namespace ns" {
		t.Errorf("error %v", err)
	}
}

func TestProgressIsThatOfTheLastEventThatTellsIt(t *testing.T) {
	a, c := newAPI(t)
	var log strings.Builder
	events := handoff.NewEventWriter(&log)
	for done := range 3 {
		if err := events.Write(handoff.Event{Type: handoff.EventProgress, Progress: []handoff.EntryProgress{{Succeeded: done}}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := events.Write(handoff.Event{Type: handoff.EventProblem, Text: "later"}); err != nil {
		t.Fatal(err)
	}
	a.logs[handoff.RunnerContainer] = []string{"half a line\n" + log.String()}
	runs := make([]Run, 3*mostLooked)
	for i := range runs {
		runs[i] = Run{ID: "r", Namespace: "ns", Pod: "p", Phase: PhaseRunning}
	}
	runs[1].Phase = PhaseEnded
	c.Inspect(t.Context(), runs)
	if got := runs[0].Progress; len(got) != 1 || got[0].Succeeded != 2 || runs[len(runs)-1].Progress == nil {
		t.Errorf("progress %+v", got)
	}
	if runs[1].Progress != nil || a.count("GET pods/p/log") != len(runs)-1 {
		t.Errorf("%d logs were read", a.count("GET pods/p/log"))
	}
}

func TestARunIsAskedToStopByAnAnnotation(t *testing.T) {
	a, c := newAPI(t)
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}}
	if err := c.Stop(t.Context(), "r", handoff.StopNow); err != nil {
		t.Fatal(err)
	}
	if patch := a.bodies["PATCH pods/p"]; patch != `{"metadata":{"annotations":{"kfpperf.io/stop":"now"}}}` {
		t.Errorf("patched with %s", patch)
	}
	a.pods = [][]corev1.Pod{{podIn("p", isWaiting("ContainerCreating", ""), isWaiting("", ""))}}
	if err := c.Stop(t.Context(), "r", handoff.StopDrain); !errors.Is(err, ErrNotStarted) || a.count("PATCH pods/p") != 2 {
		t.Errorf("a pod that may still start: %v, patched %d times", err, a.count("PATCH pods/p"))
	}
	a.pods = [][]corev1.Pod{nil}
	if err := c.Stop(t.Context(), "r", handoff.StopDrain); !errors.Is(err, ErrNotStarted) {
		t.Errorf("error %v", err)
	}
}

func TestARunThatHasSaidItsLastWordHasEnded(t *testing.T) {
	a, c := newAPI(t)
	var log strings.Builder
	events := handoff.NewEventWriter(&log)
	for _, e := range []handoff.Event{{Type: handoff.EventProgress, Progress: []handoff.EntryProgress{{Succeeded: 1}}}, {Type: handoff.EventHanded}} {
		if err := events.Write(e); err != nil {
			t.Fatal(err)
		}
	}
	a.logs[handoff.RunnerContainer] = []string{log.String()}
	runs := []Run{{ID: "r", Namespace: "ns", Pod: "p", Phase: PhaseStopping}}
	if c.Inspect(t.Context(), runs); runs[0].Phase != PhaseEnded || runs[0].Progress == nil {
		t.Errorf("%+v", runs[0])
	}
}

func TestWhatKeepsARunFromHavingAPodIsExplained(t *testing.T) {
	a, c := newAPI(t)
	a.events = []corev1.Event{{Message: "exceeded quota: rq"}}
	runs := []Run{{ID: "r", Namespace: "ns", Phase: PhasePending}, {ID: "s", Namespace: "ns", Phase: PhasePending, Pod: "p"}}
	c.Inspect(t.Context(), runs)
	if runs[0].Problem == nil || runs[0].Problem.Evidence != "exceeded quota: rq" || runs[1].Problem != nil {
		t.Errorf("problems %v, %v", runs[0].Problem, runs[1].Problem)
	}
}

func TestFollowingTellsWhenItHasCaughtUp(t *testing.T) {
	a, c := newAPI(t)
	lines := logLines(t, 4)
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}, {podIn("p", isOver(""), isRunning())}}
	a.logs[handoff.RunnerContainer] = []string{strings.Join(lines[:3], ""), lines[2] + lines[3]}
	var told []string
	first, _ := handoff.ParseEvent(lines[0])
	err := c.Follow(t.Context(), "r", Listener{
		From:   first,
		Event:  func(e handoff.Event) error { told = append(told, e.Text); return nil },
		Caught: func() { told = append(told, "caught up") },
	})
	if want := []string{"event 2", "event 3", "caught up", "event 4"}; err != nil || !slices.Equal(told, want) {
		t.Errorf("%v, told %q", err, told)
	}
	if a.sinces[0] != first.Time.Truncate(time.Second).Format(time.RFC3339) {
		t.Errorf("read since %q", a.sinces)
	}
}
