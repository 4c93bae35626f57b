package worker

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

func TestAWarmUpIsMeasuredAndNotCounted(t *testing.T) {
	for name, test := range map[string]struct {
		warmUp string
		warm   int
	}{"by count": {"7", 7}, "by time": {`"12s"`, 12}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				d := s.run(t, `[{"mode": "PIPELINE_RUN", "runTime": "30s", "load": {"rate": "1/s"}, "pipelineFileName": "wait.yaml", "warmUp": `+test.warmUp+`},
					{"mode": "RANDOM_GETS", "runTime": "30s", "load": {"rate": "1/s"}, "warmUp": `+test.warmUp+`, "reads": {"weights": {"ListExperiments": 1}}}]`)
				for _, e := range d.Entries {
					want := result.Counts{Planned: 30 - test.warm, Succeeded: 30 - test.warm}
					if warm := (result.Counts{Planned: test.warm, Succeeded: test.warm}); e.Counts != want || e.WarmUp.Counts != warm {
						t.Errorf("%s: counts %+v, warm-up %+v", e.Name(), e.Counts, e.WarmUp.Counts)
					}
				}
				runs := d.Entries[0]
				for _, r := range runs.Runs {
					if r.WarmUp != (r.Slot < test.warm) {
						t.Errorf("run %+v", r)
					}
				}
				if runs.Figure(result.MetricDuration).Count() != int64(30-test.warm) || callsOf(d, "CreateRun").Calls != int64(30-test.warm) || runs.WarmUp.API[0].Calls != int64(test.warm) {
					t.Errorf("%d durations, calls %+v, of the warm-up %+v", runs.Figure(result.MetricDuration).Count(), callsOf(d, "CreateRun"), runs.WarmUp.API)
				}
			})
		})
	}
}

func TestWhatIsUnfinishedAfterDrainStaysSo(t *testing.T) {
	for _, terminate := range []string{"false", "true"} {
		t.Run("terminate "+terminate, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// KFP takes its time to terminate, so that the first runs have ended when the last is asked to.
				s := newStand(t, sandbox.Options{Throttle: sandbox.Throttle{QPS: 0.5, Burst: 1}})
				d := s.run(t, `[{"mode": "PIPELINE_RUN", "runTime": "10s", "load": {"rate": "0.4/s"}, "drain": "20s", "pipelineFileName": "wait-60.yaml", "terminate": `+terminate+`},
					{"mode": "RANDOM_GETS", "runTime": "45s", "load": {"rate": "1/s"}, "reads": {"weights": {"ListExperiments": 1}}}]`)
				e := d.Entries[0]
				if e.Counts != (result.Counts{Planned: 4, Unfinished: 4}) || e.Figure(result.MetricDuration).Count() != 0 {
					t.Errorf("counts %+v, durations %+v", e.Counts, e.Figures)
				}
				for _, r := range e.Runs {
					if r.State != "RUNNING" || !r.Terminal.IsZero() {
						t.Errorf("run %+v", r)
					}
				}
				if warnings := strings.Join(d.Warnings, "\n"); !strings.Contains(warnings, "4 of 4 runs had not ended when the waiting did") {
					t.Errorf("warnings %s", warnings)
				}
				if n := len(s.heardOf("POST/runs/ID:terminate")); n != map[string]int{"true": 4, "false": 0}[terminate] {
					t.Errorf("%d runs were terminated", n)
				}
				runs, err := s.client.ListRunsByID(t.Context(), "", []string{e.Runs[0].ID, e.Runs[3].ID})
				if err != nil || len(runs) != 2 || kfp.Terminal(runs[0].State) != (terminate == "true") {
					t.Errorf("the server says %+v, %v", runs, err)
				}
			})
		})
	}
}

func TestReadsThatTheEndCutsOffSayNothingOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{
			Stalls:  []sandbox.Stall{{From: 8 * time.Second, To: time.Minute}},
			Latency: map[string]sandbox.Latency{"": {Median: time.Millisecond}},
		})
		d := s.run(t, `[{"mode": "RANDOM_GETS", "runTime": "10s", "drain": "5s", "load": {"rate": "10/s"}, "reads": {"weights": {"ListExperiments": 1}},
			"thresholds": ["api.ListExperiments.errors == 0"]}]`)
		e := d.Entries[0]
		if n := e.Counts.Unfinished; n < 15 || n > 25 || e.Counts.Succeeded != 100-n || e.Counts.Errors != 0 {
			t.Errorf("counts %+v", e.Counts)
		}
		if calls := callsOf(d, "ListExperiments"); len(calls.Errors) != 0 || d.Verdict.Status != result.Passed {
			t.Errorf("calls %+v, verdict %+v", calls, d.Verdict)
		}
		if warnings := strings.Join(d.Warnings, "\n"); !strings.Contains(warnings, "reads had no answer when the waiting ended") {
			t.Errorf("warnings %s", warnings)
		}
	})
}

// Whatever the mode, nothing starts after a cancellation, and what was under way gets a moment to end.
func TestCancellationInEveryMode(t *testing.T) {
	for name, entry := range map[string]string{
		"PIPELINE_RUN at once":     `"mode": "PIPELINE_RUN", "numTimes": 5, "pipelineFileName": "wait-600.yaml"`,
		"PIPELINE_RUN open":        `"mode": "PIPELINE_RUN", "load": {"rate": "3/s"}, "pipelineFileName": "wait.yaml"`,
		"EXPERIMENT closed":        `"mode": "EXPERIMENT", "load": {"inFlight": 3}, "pipelineFileName": "wait.yaml"`,
		"EXPERIMENT terminated":    `"mode": "EXPERIMENT", "load": {"inFlight": 3}, "pipelineFileName": "wait-600.yaml", "terminate": true`,
		"RANDOM_GETS open":         `"mode": "RANDOM_GETS", "load": {"rate": "7/s"}`,
		"RANDOM_GETS closed":       `"mode": "RANDOM_GETS", "numTimes": 2`,
		"PIPELINE_UPLOAD evenly":   `"mode": "PIPELINE_UPLOAD", "numTimes": 300, "pipelineFileName": "wait.yaml"`,
		"PIPELINE_UPLOAD versions": `"mode": "PIPELINE_UPLOAD", "numTimes": 300, "as": "versions", "pipelineFileName": "wait.yaml"`,
		"not begun":                `"mode": "PIPELINE_RUN", "startTime": 5, "pipelineFileName": "wait.yaml"`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: 700 * time.Millisecond}}})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var cancelled time.Time
				time.AfterFunc(15*time.Second, func() {
					cancelled = time.Now()
					cancel()
				})
				d := s.runUntil(ctx, t, `[{"runTime": "100s", `+entry+`}]`)
				if took := time.Since(cancelled); took > 3*time.Second || !d.Interrupted || d.Verdict.Status != result.Invalid {
					t.Errorf("ended %v after the cancellation, interrupted %v, verdict %+v", took, d.Interrupted, d.Verdict)
				}
				for _, h := range s.calls {
					if h.at.After(cancelled) && h.operation != "POST/runs/ID:terminate" {
						t.Errorf("%s came %v after the cancellation", h.operation, h.at.Sub(cancelled))
					}
				}
				e := d.Entries[0]
				if e.Failure != "" || e.Counts.Errors != 0 || (e.Work() != "runs" && e.Counts.Unfinished != 0) {
					t.Errorf("failure %q, counts %+v", e.Failure, e.Counts)
				}
				for _, o := range d.API {
					if o.Failed() != 0 {
						t.Errorf("calls %+v", o)
					}
				}
				if name == "EXPERIMENT terminated" && len(s.heardOf("POST/runs/ID:terminate")) != 3 {
					t.Error("its runs were not terminated")
				}
			})
		})
	}
}

func TestACancellationWaitsForNoAnswerThatDoesNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Stalls: []sandbox.Stall{{From: 5 * time.Second, To: time.Hour}}})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		d := s.runUntil(ctx, t, `[{"mode": "RANDOM_GETS", "runTime": "100s", "load": {"rate": "5/s", "maxInFlight": 10}, "reads": {"weights": {"ListExperiments": 1}}},
			{"mode": "PIPELINE_RUN", "runTime": "100s", "load": {"rate": "1/s"}, "terminate": true, "pipelineFileName": "wait-60.yaml"},
			{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "100s", "numTimes": 2, "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"}]`)
		if took := time.Since(start) - 10*time.Second; took > 42*time.Second { // 20 of them for a last try at what recurs
			t.Errorf("took %v", took)
		}
		if c := d.Entries[0].Counts; c.Unfinished != 10 || c.Errors != 0 {
			t.Errorf("reads %+v", c)
		}
		if left := d.Entries[2].Schedule.Left; left != 2 {
			t.Errorf("%d recurring runs are said to be left", left)
		}
	})
}
