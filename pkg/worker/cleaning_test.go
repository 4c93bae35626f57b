package worker

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// everything makes something of each kind: 10 runs, 4 of a schedule, 2 recurring runs, 2 experiments, 6 pipelines.
const everything = `[
	{"mode": "PIPELINE_RUN", "runTime": "10s", "numTimes": 3, "pipelineFileName": "wait.yaml"},
	{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 3, "pipelineFileName": "wait.yaml"},
	{"mode": "PIPELINE_UPLOAD", "runTime": "10s", "numTimes": 2, "pipelineFileName": "wait.yaml"},
	{"mode": "PIPELINE_UPLOAD", "runTime": "10s", "numTimes": 2, "as": "versions", "pipelineFileName": "wait.yaml"},
	{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "2m30s", "numTimes": 2, "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"},
	{"mode": "RANDOM_GETS", "runTime": "10s", "numTimes": 1}]`

// mine has scenarios with runs that succeed, that fail and that do not end, in two experiments.
const mine = `[
	{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 2, "pipelineFileName": "wait.yaml"},
	{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 2, "drain": "20s", "pipelineFileName": "wait-600.yaml"},
	{"mode": "PIPELINE_RUN", "runTime": "10s", "numTimes": 2, "pipelineFileName": "wait.yaml"}]`

// keeping has a run clean.
func keeping(k result.Keep) func(*Options) {
	return func(o *Options) { o.Keep = k }
}

// strangers puts things on the server that look like the run's, and returns what there is then.
func (s *stand) strangers(t *testing.T) map[string]bool {
	t.Helper()
	pipeline, err := s.client.UploadPipeline(t.Context(), kfp.Upload{Name: "load-1-9-wait", FileName: "wait.yaml", Content: []byte(wait), Description: "by hand"})
	if err != nil {
		t.Fatal(err)
	}
	// A run whose id begins with another's.
	experiment, err := s.client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: "load-1-2-1", Description: workload.Mark("load-1-2")})
	if err != nil {
		t.Fatal(err)
	}
	for _, description := range []string{"", "made by kubectl-kfpperf", workload.Mark("load-1-2")} {
		if _, err := s.client.CreateRun(t.Context(), kfp.NewRun{
			Name: "load-1-2-1", Description: description, ExperimentID: experiment, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
		}); err != nil {
			t.Fatal(err)
		}
	}
	return s.things(t)
}

// things are what the server has, by kind and name.
func (s *stand) things(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, kind := range []kfp.Kind{kfp.Pipelines, kfp.Experiments, kfp.Runs, kfp.RecurringRuns} {
		items, err := s.client.Every(t.Context(), kind, kfp.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			all[string(kind)+" "+item.Name+" "+item.ID] = true
		}
	}
	return all
}

// unlike returns what one has and the other has not, without ids.
func unlike(one, other map[string]bool) []string {
	var names []string
	for name := range maps.Keys(one) {
		if !other[name] {
			names = append(names, name[:strings.LastIndex(name, " ")])
		}
	}
	slices.Sort(names)
	return names
}

func TestNothingIsLeftOfWhatSucceeded(t *testing.T) {
	for _, keep := range []result.Keep{"", result.KeepNone} {
		synctest.Test(t, func(t *testing.T) {
			s := newStand(t, sandbox.Options{})
			before := s.strangers(t)
			d := s.runWith(t.Context(), t, everything, keeping(keep))
			after := s.things(t)
			if more, less := unlike(after, before), unlike(before, after); len(more) > 0 || len(less) > 0 {
				t.Errorf("left %q, took %q of somebody else's", more, less)
			}
			c := d.Cleanup
			want := result.Things{Runs: 10, Experiments: 2, Pipelines: 6, Versions: 8} // those that recur went before
			if c.Deleted != want || *c.Kept != (result.Things{}) || !c.Complete() || c.Took <= 0 {
				t.Errorf("%+v, kept %+v", c, c.Kept)
			}
			if calls := callsOf(d, "DeleteRun"); calls.Calls > 0 || d.Verdict.Status != result.Passed {
				t.Errorf("measured %+v, verdict %+v", calls, d.Verdict)
			}
		})
	}
}

func TestKeepSaysWhatStays(t *testing.T) {
	for keep, want := range map[result.Keep][]string{
		result.KeepFailed: {"Experiments load-1-2", "Pipelines load-1-2-wait-600", "Runs load-1-2-1", "Runs load-1-2-2"},
		result.KeepNone:   nil,
		result.KeepAll: {
			"Experiments load-1-1", "Experiments load-1-2",
			"Pipelines load-1-1-wait", "Pipelines load-1-2-wait-600", "Pipelines load-1-3-wait",
			"Runs load-1-1-1", "Runs load-1-1-2", "Runs load-1-2-1", "Runs load-1-2-2", "Runs load-1-3-1", "Runs load-1-3-2",
		},
	} {
		t.Run(string(keep), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				before := s.things(t)
				d := s.runWith(t.Context(), t, mine, keeping(keep))
				if got := unlike(s.things(t), before); !slices.Equal(got, want) {
					t.Errorf("there are %q, want %q", got, want)
				}
				c := d.Cleanup
				if keep == result.KeepFailed && *c.Kept != (result.Things{Runs: 2, Experiments: 1, Pipelines: 1}) || !c.Complete() || c.Keep != keep {
					t.Errorf("%+v, kept %+v", c, c.Kept)
				}
				if terminated := len(s.heardOf("POST/runs/ID:terminate")); terminated != map[result.Keep]int{result.KeepNone: 2}[keep] {
					t.Errorf("%d runs were terminated", terminated)
				}
			})
		})
	}
}

// A run that was stopped has waited for what was under way as it would have anyway.
func TestAStoppedRunKeepsWhatDidNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		signal := make(chan struct{})
		time.AfterFunc(5*time.Second, func() { close(signal) })
		d := s.runWith(t.Context(), t, `[{"mode": "PIPELINE_RUN", "runTime": "100s", "numTimes": 2, "drain": "30s", "pipelineFileName": "wait-600.yaml"}]`,
			func(o *Options) { o.Keep, o.Stop = result.KeepFailed, signal })
		if c := d.Cleanup; !d.Interrupted || !c.Complete() || *c.Kept != (result.Things{Runs: 2, Pipelines: 1}) {
			t.Errorf("interrupted %v, %+v, kept %+v", d.Interrupted, c, c.Kept)
		}
	})
}

// Runs that have failed are evidence; those that were under way when the run was ended are not.
func TestAnInterruptedRunLeavesOnlyItsFailures(t *testing.T) {
	const failing = `[
		{"mode": "EXPERIMENT", "runTime": "100s", "numTimes": 2, "pipelineFileName": "fail.yaml"},
		{"mode": "PIPELINE_RUN", "runTime": "100s", "load": {"rate": "1/s"}, "terminate": true, "pipelineFileName": "wait-60.yaml"},
		{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "100s", "numTimes": 1, "cron": "*/10 * * * * *", "pipelineFileName": "wait-60.yaml"}]`
	want := []string{"Experiments load-1-1", "Pipelines load-1-1-fail", "Runs load-1-1-1", "Runs load-1-1-2"}
	for name, end := range map[string]func(*Options, chan struct{}, context.CancelFunc) func(){
		"cancelled": func(_ *Options, _ chan struct{}, cancel context.CancelFunc) func() { return cancel },
		"abandoned": func(o *Options, signal chan struct{}, _ context.CancelFunc) func() {
			o.Abandon = signal
			return func() { close(signal) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				before := s.things(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var ended time.Time
				d := s.runWith(ctx, t, failing, func(o *Options) {
					o.Keep = result.KeepFailed
					do := end(o, make(chan struct{}), cancel)
					time.AfterFunc(25*time.Second, func() {
						ended = time.Now()
						do()
					})
				})
				if took := time.Since(ended); took > 10*time.Second || !d.Cleanup.Complete() {
					t.Errorf("took %v, %+v", took, d.Cleanup)
				}
				if got := unlike(s.things(t), before); !slices.Equal(got, want) {
					t.Errorf("left %q, want %q", got, want)
				}
			})
		})
	}
}

func TestWhatIsLeftIsTold(t *testing.T) {
	always := func(int) bool { return true }
	for name, test := range map[string]struct {
		meddle  func(*stand)
		change  func(*Options)
		left    []string
		reason  string
		deleted int
	}{
		"a run cannot be deleted": {
			func(s *stand) { s.fail("DELETE/runs/ID", always) }, func(*Options) {},
			[]string{"run load-1-1-1", "experiment load-1-1", "pipeline load-1-1-wait"}, "run load-1-1-1 could not be deleted: DeleteRun", 0,
		},
		"nor at first": {func(s *stand) { s.fail("DELETE/runs/ID", func(n int) bool { return n < 3 }) }, func(*Options) {}, nil, "", 4},
		"nothing can be listed": {
			func(s *stand) { s.fail("GET/experiments", always) }, func(*Options) {}, nil, "what is left could not be looked for: ListExperiments", 0,
		},
		"nothing can be looked at again": {
			func(s *stand) { s.fail("GET/experiments", func(n int) bool { return n > 1 }) }, func(*Options) {}, nil, "what is left could not be looked for", 4,
		},
		"there is no time": {func(*stand) {}, func(o *Options) { o.CleanupTimeout = time.Millisecond }, nil, "the time for it was over", 0},
		"there is too little time": {
			func(s *stand) {
				s.tamper("DELETE/runs/ID", always, func(w http.ResponseWriter, next func(http.ResponseWriter)) {
					time.Sleep(time.Minute)
					next(w)
				})
			}, func(o *Options) { o.CleanupTimeout = 10 * time.Second },
			[]string{"run load-1-1-1", "experiment load-1-1", "pipeline load-1-1-wait"}, "the time for it was over", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				test.meddle(s)
				var last handoff.Event
				d := s.runWith(t.Context(), t, `[{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 1, "pipelineFileName": "wait.yaml"}]`, func(o *Options) {
					o.Keep = result.KeepFailed
					o.Emit = func(e handoff.Event) {
						if e.Type == handoff.EventCleaning {
							last = e
						}
					}
					test.change(o)
				})
				c := d.Cleanup
				var left []string
				for _, thing := range c.Left {
					left = append(left, string(thing.Kind)+" "+thing.Name)
				}
				if !slices.Equal(left, test.left) || c.LeftTotal != len(left) || !strings.Contains(c.Reason, test.reason) || (c.Reason == "") != (test.reason == "") {
					t.Errorf("%+v, want %q, because %q", c, test.left, test.reason)
				}
				if c.Deleted.Total() != test.deleted || c.Complete() != (test.reason == "") || d.Verdict.Status != result.Passed {
					t.Errorf("%+v, verdict %+v", c, d.Verdict)
				}
				if !strings.Contains(last.Text, test.reason) {
					t.Errorf("told %q", last.Text)
				}
			})
		})
	}
}
