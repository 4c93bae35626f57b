package worker

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// whyNot returns why something was not measured, empty when it was.
func whyNot(d *result.Document, what string) string {
	for _, gap := range d.NotMeasured {
		if gap.What == what {
			return gap.Why
		}
	}
	return ""
}

// pods is a cluster with one pod and a version.
func pods(asked *int) usage.Cluster {
	return usage.Cluster{
		Pods: func(context.Context) ([]usage.Pod, []result.Gap) {
			*asked++
			return []usage.Pod{{ID: "a", Component: "ml-pipeline", Figures: &usage.Figures{Taken: time.Now(), CPUMilli: 7}}}, nil
		},
		Describe: func(context.Context) (result.Environment, []result.Gap) {
			return result.Environment{Kubernetes: "v1.37.2"}, nil
		},
	}
}

func TestAResultTellsWhatWasAroundTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		var creates atomic.Int32
		s.intercept = func(w http.ResponseWriter, r request) bool {
			w.Header().Set("Date", time.Now().Add(90*time.Second).UTC().Format(http.TimeFormat))
			switch {
			case r.path == "/metrics":
				_, _ = fmt.Fprintf(w, "# TYPE run_server_create_requests counter\nrun_server_create_requests %d\n", creates.Load())
				return true
			case r.path == "/runs" && r.method == http.MethodPost:
				creates.Add(1)
			}
			return false
		}
		asked := 0
		o := options(t, s, entry(scenario.PipelineRun, 40))
		o.Cluster, o.Flags = pods(&asked), []string{"--drain=5m0s"}
		d := run(t, o)
		if d.Environment.Kubernetes != "v1.37.2" || !slices.Equal(d.Environment.Flags, o.Flags) {
			t.Errorf("environment %+v", d.Environment)
		}
		if components := d.Resources.Components; len(components) != 1 || components[0].Name != "ml-pipeline" || asked == 0 {
			t.Errorf("components %+v", components)
		}
		if d.Resources.Worker == nil || d.Resources.Worker.MemoryBytes.Max() == 0 {
			t.Errorf("worker %+v", d.Resources.Worker)
		}
		if len(d.ServerCounts) != 1 || d.ServerCounts[0].Count != 40 {
			t.Errorf("counts %+v", d.ServerCounts)
		}
		clock := d.Environment.Clock
		if clock == nil {
			t.Fatal("there is no clock")
		}
		if offset, wrong := clock.Ahead(); (offset-90*time.Second).Abs() > wrong || wrong > 600*time.Millisecond {
			t.Errorf("the server is ahead by %s ± %s", offset, wrong)
		}
		if calls := callsOf(d, "GetMetrics"); calls.Calls != 2 {
			t.Errorf("calls for counts: %+v", calls)
		}
	})
}

// Whoever makes a call, its date counts.
func TestEveryDateNarrowsTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		var calls atomic.Int32
		s.intercept = func(w http.ResponseWriter, r request) bool {
			calls.Add(1)
			w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
			return false
		}
		d := run(t, options(t, s, entry(scenario.Experiment, 3), entry(scenario.PipelineRun, 4)))
		form, err := d.Environment.Clock.MarshalJSON()
		if err != nil || !strings.Contains(string(form), fmt.Sprintf(`"samples":%d}`, calls.Load())) {
			t.Errorf("%d calls gave the clock %s, %v", calls.Load(), form, err)
		}
	})
}

func TestAServerWithoutDatesOrCountsLeavesGaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.intercept = func(w http.ResponseWriter, _ request) bool {
			w.Header()["Date"] = nil
			return false
		}
		d := run(t, options(t, s, entry(scenario.PipelineRun, 1)))
		for what, words := range map[string]string{
			"environment.clock": "no answer of KFP's had a date",
			"serverCounts":      "HTTP 404",
			"environment.kubernetes, environment.nodes, resources.components": "no cluster was given",
		} {
			if why := whyNot(d, what); !strings.Contains(why, words) {
				t.Errorf("%s: %q", what, why)
			}
		}
		if d.Environment.Clock != nil || len(d.NotMeasured) != 3 || d.Verdict.Status != result.Passed {
			t.Errorf("clock %+v, gaps %+v, verdict %+v", d.Environment.Clock, d.NotMeasured, d.Verdict)
		}
	})
}

func TestAroundASandboxNothingIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		asked := 0
		d, err := Run(t.Context(), Options{
			RunID: "load-1", URL: serverURL, Namespace: "team", Client: s.client, Cluster: pods(&asked),
			Document: parse(t, `[{"mode": "PIPELINE_RUN", "runTime": 5, "pipelineFileName": "wait.yaml"}]`),
		})
		if err != nil {
			t.Fatal(err)
		}
		if asked != 0 || len(s.heardOf("GET/metrics")) != 0 {
			t.Errorf("the cluster was asked %d times, the counts %d times", asked, len(s.heardOf("GET/metrics")))
		}
		for _, what := range []string{"serverCounts", "environment.kubernetes, environment.nodes, resources.components"} {
			if why := whyNot(d, what); why != "the server was the sandbox" {
				t.Errorf("%s: %q", what, why)
			}
		}
		if d.Resources.Worker == nil {
			t.Error("the tool's own cost is not told")
		}
	})
}

// What looks around may fail or hang: the run is the same, and so is what its times say.
func TestTheSurroundingsChangeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		o := options(t, s, entry(scenario.PipelineRun, 5))
		hangs := func(ctx context.Context) []result.Gap {
			<-ctx.Done()
			return []result.Gap{{What: usage.WhatPods, Why: ctx.Err().Error()}}
		}
		o.Cluster = usage.Cluster{
			Pods:     func(ctx context.Context) ([]usage.Pod, []result.Gap) { return nil, hangs(ctx) },
			Describe: func(ctx context.Context) (result.Environment, []result.Gap) { return result.Environment{}, hangs(ctx) },
		}
		o.Client = clientOf(t, inprocess.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/metrics" {
				<-r.Context().Done()
				return
			}
			s.ServeHTTP(w, r)
		})})
		start := time.Now()
		d := run(t, o)
		if waited := d.Started.Sub(start); waited < 2*time.Second || waited > 2100*time.Millisecond {
			t.Errorf("the run began after %s", waited)
		}
		if took := d.Finished.Sub(d.Started); took > time.Second {
			t.Errorf("the run is said to have taken %s", took)
		}
		if after := time.Since(d.Finished); after > 2*time.Second {
			t.Errorf("it took %s to give up at the end", after)
		}
		if d.Entries[0].Counts != (result.Counts{Planned: 5, Succeeded: 5}) || d.Verdict.Status != result.Passed {
			t.Errorf("counts %+v, verdict %+v", d.Entries[0].Counts, d.Verdict)
		}
		if why := whyNot(d, "serverCounts"); !strings.Contains(why, "no complete answer within 2s") {
			t.Errorf("%q", why)
		}
	})
}
