package worker

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// withToken shows a token with each request.
func withToken(handler http.Handler) inprocess.Transport {
	return inprocess.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Authorization", "Bearer token")
		handler.ServeHTTP(w, r)
	})}
}

// inEachNamespace carries a document out in all its namespaces at once, against a sandbox that knows them; one that
// names none in a single-user sandbox. It returns the results in the order of the namespaces.
func inEachNamespace(t *testing.T, document *scenario.Document, options sandbox.Options) []*result.Document {
	t.Helper()
	document = document.Placed("home")
	namespaces := document.Namespaces()
	if options.MultiUser = len(namespaces) > 0; options.MultiUser {
		options.Tokens = map[string][]string{"token": namespaces}
	} else {
		namespaces = []string{""}
	}
	transport := withToken(sandbox.New(options))
	measured := make([]*result.Document, len(namespaces))
	var workers sync.WaitGroup
	for i, namespace := range namespaces {
		client := clientOf(t, transport)
		workers.Go(func() {
			var err error
			measured[i], err = Run(t.Context(), Options{
				RunID: fmt.Sprintf("shipped-%d", i+1), URL: serverURL, Client: client, Namespace: namespace, Document: document,
				Poll: 3 * time.Second, // looks are most of what this test costs
			})
			if err != nil {
				t.Errorf("in namespace %q: %v", namespace, err)
			}
		})
	}
	workers.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return measured
}

// everyMode is a scenario whose entries are shared by three namespaces, but for the last.
func everyMode(t *testing.T) *scenario.Document {
	t.Helper()
	waiting, err := scenarios.FS.ReadFile("pipelines/noop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	of := []string{"a", "b", "c"}
	minute := scenario.Duration(time.Minute)
	cached := false
	return &scenario.Document{
		Name: "all", Seed: 1, Pipelines: map[string][]byte{"noop.yaml": waiting},
		Entries: []scenario.Entry{
			{Mode: scenario.PipelineRun, RunTime: minute, NumTimes: 7, PipelineFileName: "noop.yaml", Namespaces: of, Caching: &cached},
			{Mode: scenario.Experiment, RunTime: minute, PipelineFileName: "noop.yaml", Namespaces: of, Load: &scenario.Shape{InFlight: 4}},
			{Mode: scenario.RandomGets, RunTime: minute, Namespaces: of, WarmUp: &scenario.WarmUp{Count: 10}, NumTimes: 100,
				Load: &scenario.Shape{Rate: 2, Arrivals: scenario.Poisson}},
			{Mode: scenario.PipelineUpload, RunTime: minute, NumTimes: 8, PipelineFileName: "noop.yaml", Namespaces: of},
			{Mode: scenario.PipelineScheduledRun, RunTime: 3 * minute, NumTimes: 4, Cron: "*/1 * * * *", MaxConcurrency: 10,
				PipelineFileName: "noop.yaml", Namespaces: of},
			{Mode: scenario.PipelineRun, RunTime: minute, NumTimes: 2, PipelineFileName: "noop.yaml"},
		},
	}
}

func TestSharesOfAllModesAddUpToTheScenario(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		measured := inEachNamespace(t, everyMode(t), sandbox.Options{
			Seed: 1, Latency: map[string]sandbox.Latency{"": {Median: 20 * time.Millisecond}},
		})
		planned, slots, recurring := map[int]int{}, map[int]bool{}, 0
		for i, d := range measured {
			namespace := []string{"a", "b", "c", "home"}[i]
			if d.Tenancy.Namespace != namespace || len(d.Tenancy.Namespaces) != 4 || d.Server.Namespace != namespace {
				t.Errorf("%+v of %+v", d.Tenancy, d.Server)
			}
			for _, e := range d.Entries {
				all := e.Counts
				if e.WarmUp != nil {
					all = all.Plus(e.WarmUp.Counts)
				}
				planned[e.Index] += all.Planned
				if e.Active <= 0 || e.Counts.Succeeded != e.Counts.Planned {
					t.Errorf("%s in %s was active for %v: %+v", e.Name(), namespace, e.Active, e.Counts)
				}
				if e.Index < 5 && *e.Share != (result.Share{Index: i, Of: 3}) || e.Index == 5 && *e.Share != (result.Share{Of: 1}) {
					t.Errorf("%s: %+v in %s", e.Name(), *e.Share, namespace)
				}
				if e.Index == 0 {
					for _, r := range e.Runs {
						slots[r.Slot] = true
					}
				}
				if e.Schedule != nil {
					recurring += e.Schedule.RecurringRuns
				}
			}
		}
		if planned[0] != 7 || len(slots) != 7 || planned[2] != 100 || planned[3] != 8 || recurring != 4 || planned[5] != 2 {
			t.Errorf("planned by entry: %v; slots %v, %d recurring runs", planned, slots, recurring)
		}
		if n := len(measured[0].Entries); n != 5 || len(measured[3].Entries) != 1 || measured[3].Entries[0].Index != 5 {
			t.Errorf("%d entries in a, %+v at home", n, measured[3].Entries)
		}
		if l := result.Beside("all", measured, nil); len(l.Fairness) != 5 || *l.Fairness[2].JainIndex < 0.95 {
			t.Errorf("%+v", l.Fairness)
		}
	})
}

// TestTheShippedScenarioTellsWhetherATenantIsHurt runs it against a server whose users share one narrow way, as those
// of a KFP with default settings do.
func TestTheShippedScenarioTellsWhetherATenantIsHurt(t *testing.T) {
	t.Parallel()
	document, err := scenario.Load("tenancy.json", scenario.Sources{Shipped: scenarios.FS})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		quiet := inEachNamespace(t, document, sandbox.Options{
			Seed: 1, Latency: map[string]sandbox.Latency{"": {Median: 5 * time.Millisecond}}, Throttle: sandbox.Throttle{QPS: 5, Burst: 10},
		})[0]
		median := func(e result.Entry) time.Duration {
			value, _ := e.Responses().Quantile(0.5)
			return value
		}
		alone, besideNoise := median(quiet.Entries[1]), median(quiet.Entries[2])
		if alone > 100*time.Millisecond || besideNoise < time.Second || quiet.Verdict.Status == result.Passed {
			t.Errorf("alone %v, beside noise %v, %+v", alone, besideNoise, quiet.Verdict)
		}
	})
}

func TestANamespaceWithoutAShareIsRefused(t *testing.T) {
	o := options(t, newServer(t))
	o.Document.Entries = []scenario.Entry{{Mode: scenario.PipelineRun, NumTimes: 2, Namespaces: []string{"a", "b"}}}
	_, err := Run(t.Context(), o)
	var problem *handoff.Problem
	if !errors.As(err, &problem) || problem.Cause != "the scenario has nothing for namespace team" || problem.Evidence != "it names a, b" {
		t.Errorf("%v", err)
	}
}

func TestASingleUserServerSeparatesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := entry(scenario.PipelineRun, 5)
		shared.Namespaces = []string{"other", "team"}
		var told []string
		o := options(t, newServer(t), shared)
		o.Emit = func(e handoff.Event) {
			for _, p := range e.Progress {
				told = append(told, p.Namespace)
			}
		}
		d := run(t, o)
		if d.Entries[0].Counts.Planned != 2 || d.Server.Namespace != "" || d.Tenancy.Namespace != "team" || !slices.Contains(told, "team") {
			t.Errorf("%+v of %+v, told of %q", d.Entries[0].Counts, d.Tenancy, told)
		}
		if !slices.ContainsFunc(d.Warnings, func(w string) bool { return strings.Contains(w, "does not separate namespaces") }) {
			t.Errorf("%q", d.Warnings)
		}
		o.Apart = true
		_, err := Run(t.Context(), o)
		var problem *handoff.Problem
		if !errors.As(err, &problem) || !strings.Contains(problem.Cause, "single-user") {
			t.Errorf("%v", err)
		}
	})
}
