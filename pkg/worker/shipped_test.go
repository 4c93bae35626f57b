package worker

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

// TestEveryShippedScenarioPassesInTheSandbox runs them at their own pace, hours included: in a bubble, waiting
// takes no time. What they ask for is what they get, and every threshold has the samples that it needs.
func TestEveryShippedScenarioPassesInTheSandbox(t *testing.T) {
	t.Parallel()
	for _, shipped := range scenarios.Index() {
		t.Run(shipped.File, func(t *testing.T) {
			t.Parallel()
			document, err := scenario.Load(shipped.File, scenario.Sources{Shipped: scenarios.FS})
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				for _, measured := range inEachNamespace(t, document, sandbox.Options{
					Seed: 1, Latency: map[string]sandbox.Latency{"": {Median: 20 * time.Millisecond, Sigma: 0.5}},
				}) {
					checkCounts(t, measured)
					checkAllWentWell(t, measured)
					if took := measured.Finished.Sub(measured.Started); took > shipped.Takes {
						t.Errorf("it took %v, and the index says %v", took, shipped.Takes)
					}
				}
			})
		})
	}
}

// checkAllWentWell checks that all work of a run succeeded, and that the result is free of doubts.
func checkAllWentWell(t *testing.T, d *result.Document) {
	t.Helper()
	if d.Verdict.Status != result.Passed {
		t.Errorf("%+v", d.Verdict)
	}
	for _, e := range d.Entries {
		if c := e.Counts; c != (result.Counts{Planned: c.Planned, Succeeded: c.Planned}) {
			t.Errorf("%s: %+v", e.Name(), c)
		}
		if s := e.Schedule; s != nil && (s.Fired != s.Expected || s.Missed+s.Double+s.Late+s.Left > 0) {
			t.Errorf("%s: %+v", e.Name(), *s)
		}
	}
	doubts := slices.DeleteFunc(slices.Clone(d.Warnings), func(warning string) bool {
		return strings.HasPrefix(warning, "the server was the sandbox")
	})
	if len(doubts) > 0 {
		t.Errorf("%v", doubts)
	}
}
