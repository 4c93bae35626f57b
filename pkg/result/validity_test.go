package result

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// sound is a document with nothing to find fault with: 400 calls, 20 runs, and a worker at its ease.
func sound() *Document {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var recorder metrics.Recorder
	for range 400 {
		recorder.Record(metrics.Call{Operation: "CreateRun", Planned: at, Sent: at.Add(time.Millisecond), Done: at.Add(50 * time.Millisecond), Answered: true})
	}
	var figures Figures
	e := Entry{Mode: scenario.PipelineRun, Counts: Counts{Planned: 20, Succeeded: 20}}
	for i := range 20 {
		tasks, cached := int64(5), int64(0)
		r := Run{Slot: i, State: Succeeded, Terminal: at, ServerCreated: at, ServerFinished: at.Add(time.Second), Tasks: &tasks, CachedTasks: &cached}
		e.Runs = append(e.Runs, r)
		figures.Add(r)
	}
	e.Figures = figures.Distributions(time.Second)
	throttled, clock := 5.0, metrics.Clock{}
	clock.See(at, at.Add(time.Millisecond), at)
	return &Document{
		Started: at, Finished: at.Add(100 * time.Second), Entries: []Entry{e}, API: recorder.Operations(),
		Scenario:    Scenario{Entries: []scenario.Entry{{}}},
		Environment: Environment{Clock: &clock},
		Resources:   Resources{Worker: &WorkerUse{CPUSeconds: 80, CPULimitMilli: 1000, ThrottledSeconds: &throttled}},
	}
}

// late makes calls of which some left late.
func late(n int, lag, response time.Duration) []metrics.Operation {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var recorder metrics.Recorder
	for range n {
		recorder.Record(metrics.Call{Operation: "GetRun", Planned: at, Sent: at.Add(lag), Done: at.Add(response), Answered: true})
	}
	return recorder.Operations()
}

func TestFiguresThatMeanNothingMakeAResultInvalid(t *testing.T) {
	cached := func(d *Document, n int64) {
		d.Entries[0].Figures = nil
		var figures Figures
		for _, r := range d.Entries[0].Runs {
			r.CachedTasks = &n
			figures.Add(r)
		}
		d.Entries[0].Figures = figures.Distributions(0)
	}
	yes := true
	for name, test := range map[string]struct {
		change func(*Document)
		// reason is part of the only reason; empty of a result that is valid.
		reason string
	}{
		"nothing":                      {func(*Document) {}, ""},
		"calls that left late":         {func(d *Document) { d.API = late(400, 150*time.Millisecond, time.Second) }, "calls of GetRun left late (p99 150 ms"},
		"a few calls that left late":   {func(d *Document) { d.API = late(6, 150*time.Millisecond, time.Second) }, "(p50 150 ms"},
		"too few calls to say":         {func(d *Document) { d.API = late(5, time.Second, 2*time.Second) }, ""},
		"calls of a very slow server":  {func(d *Document) { d.API = late(400, 150*time.Millisecond, 10*time.Second) }, ""},
		"a worker that was throttled":  {func(d *Document) { *d.Resources.Worker.ThrottledSeconds = 11 }, "held back by its CPU limit of 1000 m for 11 s of 100 s"},
		"a worker that had too little": {func(d *Document) { d.Resources.Worker.CPUSeconds = 95 }, "used 95 % of the CPU"},
		"a worker nobody looked at":    {func(d *Document) { d.Resources.Worker = nil }, ""},
		"no count of throttling":       {func(d *Document) { d.Resources.Worker.ThrottledSeconds = nil }, ""},
		"a worker beside the sandbox":  {func(d *Document) { d.Server.Sandbox, d.Resources.Worker.CPUSeconds = true, 150 }, ""},
		"a clock that was set":         {func(d *Document) { d.Environment.Clock.See(d.Started, d.Started, d.Started.Add(time.Hour)) }, "moved against each other by 3599"},
		"tasks of the cache":           {func(d *Document) { cached(d, 1) }, "20 of 100 tasks were served from KFP's cache"},
		"tasks of the cache, as meant": {func(d *Document) { cached(d, 1); d.Scenario.Entries[0].Caching = &yes }, ""},
		"runs that did not end":        {func(d *Document) { d.Entries[0].Counts = Counts{Planned: 20, Succeeded: 18, Unfinished: 2} }, "2 of 20 runs had not ended"},
		"one run that did not end":     {func(d *Document) { d.Entries[0].Counts = Counts{Planned: 20, Succeeded: 19, Unfinished: 1} }, ""},
		"runs of an impossible length": {func(d *Document) { d.Entries[0].Runs[3].Impossible = 2 }, "1 of 20 runs have times that cannot be"},
		"dropped work":                 {func(d *Document) { d.Entries[0].Counts = Counts{Planned: 20, Succeeded: 19, Dropped: 1} }, "were dropped"},
	} {
		d := sound()
		test.change(d)
		verdict := Judge(d)
		switch {
		case test.reason == "" && verdict.Status != Passed:
			t.Errorf("%s: %+v", name, verdict)
		case test.reason != "" && (verdict.Status != Invalid || len(verdict.Reasons) != 1 || !strings.Contains(verdict.Reasons[0], test.reason)):
			t.Errorf("%s: %+v, want %q", name, verdict, test.reason)
		}
	}
}
