package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestBesideIsGolden(t *testing.T) {
	for name, test := range map[string]struct {
		list  *result.List
		files []string
	}{
		"tenants":         {tenants(), []string{"kfpperf-r-1.json", "kfpperf-r-2.json", "kfpperf-r-3.json"}},
		"tenants-missing": {result.Beside("r", tenants().Items[:1], []result.Missing{{Namespace: "team-b", Why: "no pod"}, {Namespace: "team-c", Why: "no pod"}}), []string{""}},
	} {
		var text bytes.Buffer
		if err := Beside(&text, test.list, test.files); err != nil {
			t.Fatal(err)
		}
		isGolden(t, name, text.Bytes())
	}
	if err := Beside(brokenWriter{}, tenants(), nil); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}

// tenants are three namespaces that share an entry of runs, of which the last got less and waited longer; two of
// them read, each for itself.
func tenants() *result.List {
	names := []string{"team-a", "team-b", "team-c"}
	asked := []scenario.Entry{
		{Mode: scenario.PipelineRun, Name: "runs of all", Namespaces: names},
		{Mode: scenario.RandomGets, Namespaces: names[:1]}, {Mode: scenario.RandomGets, Name: "noise", Namespaces: names[1:2]},
	}
	var items []*result.Document
	for i, name := range names {
		durations := repeat(time.Duration(3+i)*time.Second, 20-5*i)
		failed := map[string]int64{}
		if i == 2 {
			failed["http 503"] = 5
		}
		d := &result.Document{
			RunID: "r-" + name, Started: began().Add(time.Duration(i) * 100 * time.Millisecond), Finished: began().Add(2 * time.Minute),
			Tenancy:  &result.Tenancy{Namespace: name, Namespaces: names},
			Scenario: result.Scenario{Entries: asked},
			Entries: []result.Entry{{
				Mode: scenario.PipelineRun, Title: "runs of all", Counts: result.Counts{Planned: 20, Succeeded: 20 - 5*i, Errors: 5 * i},
				Active: scenario.Duration(100 * time.Second), Runs: runsOf(durations...),
				API: []metrics.Operation{operation("CreateRun", failed, repeat(20*time.Millisecond, 20)...)},
			}},
			Warnings:    []string{"the same everywhere"},
			NotMeasured: []result.Gap{{What: "serverCounts", Why: "none are served"}},
		}
		if i < 2 {
			reads := []metrics.Operation{operation("ListRuns", nil, repeat(time.Duration(4+i)*time.Millisecond, 90)...)}
			d.Entries = append(d.Entries, result.Entry{
				Index: i + 1, Mode: scenario.RandomGets, Title: asked[i+1].Name, Counts: result.Counts{Planned: 90, Succeeded: 90}, API: reads,
			})
		}
		if i == 1 {
			d.Warnings = append(d.Warnings, "only here")
		}
		for _, e := range d.Entries {
			d.API = metrics.Merge(d.API, e.API)
		}
		met := 0.5
		d.Thresholds = []result.Outcome{{Threshold: scenario.Threshold{Text: "runs.success >= 50%", Percent: true}, Entry: 1, Value: &met, Met: true}}
		items = append(items, judged(d))
	}
	for _, d := range items {
		d.Scenario.Thresholds = []scenario.Threshold{{Text: "runs.failed == 0", Subject: "runs", Measure: "failed", Compare: "=="}}
	}
	return result.Beside("r", items, nil)
}

func TestFairnessIsToldInWords(t *testing.T) {
	f := func(perSecond, means []float64) string {
		fairness := result.Fairness{Entry: 1}
		for i, rate := range perSecond {
			served := result.Served{Namespace: string(rune('a' + i)), PerSecond: &rate}
			if i < len(means) {
				served.MeanSeconds = &means[i]
			}
			fairness.Namespaces = append(fairness.Namespaces, served)
		}
		if one := 1.0; len(perSecond) > 1 && perSecond[0] > 0 {
			fairness.JainIndex = &one
		}
		if two := 2.0; len(means) > 1 {
			fairness.SlowestToFastest = &two
		}
		lines := fairnessLines(&result.List{Fairness: []result.Fairness{fairness}}, result.Entry{Mode: scenario.RandomGets})
		return strings.Join(lines, "\n")
	}
	for _, test := range []struct {
		perSecond, means []float64
		want             string
	}{
		{[]float64{1}, nil, "fairness is not known: it takes the results of two namespaces"},
		{[]float64{0, 0}, nil, "fairness is not known: no reads succeeded"},
		{[]float64{1, 1}, []float64{2, 2}, "fairness 1.00, where 1 is the same for each and 0.5 is all for one:\n  1/s succeeded in each\n  reads took the same in each on average"},
		{[]float64{1, 2, 3}, []float64{2, 4, 3}, "fairness 1.00, where 1 is the same for each and 0.33 is all for one:\n  most in c with 3/s, least in a with 1/s\n" +
			"  reads in b took 2.00 times as long on average as in a"},
	} {
		if got := f(test.perSecond, test.means); got != test.want {
			t.Errorf("%v, %v: %q, want %q", test.perSecond, test.means, got, test.want)
		}
	}
	for jain, want := range map[float64]string{1: "1.00", 0.999: "0.999", 0.5: "0.50", 0.99999: "0.99999", 0.9999999: "1.00"} {
		if got := index(jain); got != want {
			t.Errorf("%v: %s, want %s", jain, got, want)
		}
	}
}
