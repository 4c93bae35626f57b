package result

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestJainIndex(t *testing.T) {
	for name, test := range map[string]struct {
		x    []float64
		want float64 // NaN where there is none
	}{
		"none":                     {nil, math.NaN()},
		"one":                      {[]float64{5}, math.NaN()},
		"nothing anywhere":         {[]float64{0, 0, 0}, math.NaN()},
		"equal":                    {[]float64{0.1, 0.1, 0.1}, 1},
		"whatever the unit":        {[]float64{6e9, 6e9}, 1},
		"all for one":              {[]float64{7, 0, 0, 0}, 0.25},
		"k of n":                   {[]float64{2, 2, 2, 0}, 0.75},
		"a third of it for one":    {[]float64{1, 2}, 0.9},
		"as in the paper, 20 of 2": {[]float64{2, 0}, 0.5},
	} {
		got := jainIndex(test.x)
		if (got == nil) != math.IsNaN(test.want) || got != nil && math.Abs(*got-test.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	hundreds := make([]float64, 300)
	for i := range hundreds {
		hundreds[i] = 0.1
	}
	if got := jainIndex(hundreds); *got > 1 || *got < 1-1e-12 {
		t.Errorf("equal shares make %v", *got)
	}
}

func TestTheSlowestByTheFastest(t *testing.T) {
	for _, test := range []struct {
		x    []float64
		want float64 // 0 where there is none
	}{{nil, 0}, {[]float64{3}, 0}, {[]float64{3, 0}, 0}, {[]float64{3, 3}, 1}, {[]float64{3, 2, 6}, 3}} {
		got := extremes(test.x)
		if (got == nil) != (test.want == 0) || got != nil && *got != test.want {
			t.Errorf("%v: %v, want %v", test.x, got, test.want)
		}
	}
}

// tenant is the result of a namespace that made runs of so many seconds each, at one a second.
func tenant(namespace string, seconds ...int64) *Document {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var figures Figures
	var recorder metrics.Recorder
	for _, took := range seconds {
		figures.Add(Run{State: Succeeded, Terminal: at, ServerCreated: at, ServerFinished: at.Add(time.Duration(took) * time.Second)})
		recorder.Record(metrics.Call{Operation: "CreateRun", Planned: at, Sent: at, Done: at.Add(time.Duration(took) * time.Millisecond), Answered: true})
	}
	e := Entry{
		Index: 1, Mode: scenario.PipelineRun, Counts: Counts{Planned: len(seconds), Succeeded: len(seconds)},
		Active: scenario.Duration(10 * time.Second), API: recorder.Operations(), Figures: figures.Distributions(time.Second),
	}
	d := &Document{
		RunID: "r-" + namespace, Started: at, Tenancy: &Tenancy{Namespace: namespace, Namespaces: []string{"a", "b"}},
		Scenario: Scenario{Entries: []scenario.Entry{{Mode: scenario.RandomGets}, {Namespaces: []string{"a", "b"}}}},
		Entries:  []Entry{e}, API: e.API,
	}
	d.Verdict = Judge(d)
	return d
}

func TestFairnessIsOfRatesAndMeans(t *testing.T) {
	f := fairnessOf(1, []*Document{tenant("a", 2, 4), tenant("b", 6)})
	if f.Entry != 2 || len(f.Namespaces) != 2 || *f.Namespaces[0].PerSecond != 0.2 || *f.Namespaces[1].MeanSeconds != 6 {
		t.Errorf("%+v", f)
	}
	if math.Abs(*f.JainIndex-0.9) > 1e-12 || *f.SlowestToFastest != 2 {
		t.Errorf("index %v, ratio %v", *f.JainIndex, *f.SlowestToFastest)
	}
	calls := tenant("a", 20)
	calls.Entries[0].Mode = scenario.RandomGets
	if mean := calls.Entries[0].meanSeconds(); mean == nil || *mean != 0.02 {
		t.Errorf("the mean response is %v", mean)
	}
}

func TestNothingIsSaidOfFairnessWhereSomethingIsNotKnown(t *testing.T) {
	idle, before := tenant("b"), tenant("b", 1)
	before.Entries[0].Active = 0 // as an older release wrote it
	for name, test := range map[string]struct {
		documents    []*Document
		index, ratio bool
	}{
		"one namespace":            {[]*Document{tenant("a", 1)}, false, false},
		"nothing succeeded there":  {[]*Document{tenant("a", 1), idle}, true, false},
		"nothing succeeded at all": {[]*Document{tenant("a"), idle}, false, false},
		"an activity is missing":   {[]*Document{tenant("a", 1), before}, false, true},
		"no namespace":             {nil, false, false},
	} {
		f := fairnessOf(1, test.documents)
		if (f.JainIndex != nil) != test.index || (f.SlowestToFastest != nil) != test.ratio {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestBesideSaysWhatOnlyAllTell(t *testing.T) {
	a, b := tenant("a", 1, 1, 1), tenant("b", 1, 1, 1)
	b.Started = a.Started.Add(1500 * time.Millisecond)
	for _, d := range []*Document{a, b} {
		d.Scenario.Thresholds = []scenario.Threshold{threshold(t, "run.duration.p50 < 2s"), threshold(t, "runs.success == 6")}
		d.Thresholds = Evaluate(d)
		if len(d.Thresholds) != 0 {
			t.Errorf("%s: a condition on all was judged by a part: %+v", d.Place(), d.Thresholds)
		}
	}
	l := Beside("r", []*Document{a, b}, nil)
	if *l.StartedApartSeconds != 1.5 || len(l.Fairness) != 1 || l.Verdict.Status != Passed {
		t.Errorf("%+v", l)
	}
	if len(l.Thresholds) != 2 || !l.Thresholds[0].Met || !l.Thresholds[1].Met { // a median needs the 6 runs of both
		t.Errorf("%+v", l.Thresholds)
	}
	b.Verdict = Verdict{Status: Failed, Reasons: []string{"it did not like it"}}
	if l = Beside("r", []*Document{a, b}, nil); l.Verdict.Status != Failed || l.Verdict.Reasons[0] != "b: it did not like it" {
		t.Errorf("%+v", l.Verdict)
	}
	l = Beside("r", []*Document{a}, []Missing{{"b", "no pod"}})
	if l.Verdict.Status != Invalid || l.StartedApartSeconds != nil || l.Thresholds[0].Doubt != "1 of 2 namespaces have no result" ||
		!strings.HasPrefix(l.Verdict.Reasons[0], "b has no result: no pod") {
		t.Errorf("%+v", l)
	}
}
