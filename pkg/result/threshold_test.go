package result

import (
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func threshold(t *testing.T, text string) scenario.Threshold {
	t.Helper()
	parsed, err := scenario.ParseThreshold(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// measured is a document with 400 runs of 1 … 400 s, as many creates of 1 … 400 ms, and a schedule.
func measured() *Document {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var recorder metrics.Recorder
	runs := Entry{Mode: scenario.PipelineRun, Counts: Counts{Planned: 500, Succeeded: 400, Failed: 50, Errors: 25, Unfinished: 20, Dropped: 5}}
	for i := range 400 {
		d := time.Duration(i + 1)
		recorder.Record(metrics.Call{Operation: "CreateRun", Planned: at, Sent: at.Add(d * time.Microsecond), Done: at.Add(d * time.Millisecond), Answered: true})
		runs.Runs = append(runs.Runs, Run{Slot: i, State: Succeeded, Terminal: at, ServerCreated: at, ServerFinished: at.Add(d * time.Second)})
	}
	recorder.Record(metrics.Call{Operation: "CreateRun", Class: "timeout", Planned: at, Sent: at, Done: at.Add(time.Hour)})
	runs.API = recorder.Operations()
	ticks := Entry{
		Index: 1, Mode: scenario.PipelineScheduledRun, Schedule: &Schedule{Expected: 10, Missed: 1, Double: 2, Late: 3, Fired: 11},
	}
	for _, lag := range []time.Duration{4 * time.Second, -time.Second} {
		ticks.Runs = append(ticks.Runs, Run{State: Succeeded, Terminal: at, RecurringRun: "r", Tick: at, ServerCreated: at.Add(lag)})
	}
	for _, e := range []*Entry{&runs, &ticks} {
		var figures Figures
		for _, r := range e.Runs {
			figures.Add(r)
		}
		e.Figures = figures.Distributions(time.Second)
	}
	return &Document{Entries: []Entry{runs, ticks}, API: runs.API, Scenario: Scenario{Entries: make([]scenario.Entry, 2)}}
}

func TestThresholdsAreJudgedByTheirFigure(t *testing.T) {
	for _, test := range []struct {
		text string
		met  bool
		// doubt is part of why there is no value.
		doubt string
	}{
		{"api.CreateRun.response.p50 < 205ms", true, ""},
		{"api.CreateRun.response.p50 < 195ms", false, ""},
		{"api.CreateRun.response.p99 >= 390ms", true, ""},
		{"api.CreateRun.response.max <= 400ms", true, ""},
		{"api.CreateRun.response.min == 1ms", true, ""},
		{"api.CreateRun.response.mean < 210ms", true, ""},
		{"api.CreateRun.lag.max < 1ms", true, ""},
		{"api.CreateRun.service.max < 400ms", true, ""},
		{"api.CreateRun.errors < 0.25%", true, ""},
		{"api.CreateRun.errors == 1", true, ""},
		{"api.CreateRun.calls == 401", true, ""},
		{"api.GetRun.calls == 0", true, ""},
		{"api.CreateRun.response.p99.9 < 1s", false, "p99.9 needs 3688 answered calls of CreateRun, and there are 400"},
		{"api.GetRun.response.max < 1s", false, "there are no answered calls of GetRun"},
		{"api.GetRun.errors < 1%", false, "nothing that it could be a share of"},
		{"runs.success == 80%", true, ""},
		{"runs.failed <= 50", true, ""},
		{"runs.unfinished < 5%", true, ""},
		{"runs.errors < 5%", false, ""},
		{"runs.dropped == 1%", true, ""},
		{"run.duration.p95 == 380s", true, ""},
		{"run.duration.max < 400s", false, ""},
		{"run.duration.mean < 3m21s", true, ""},
		{"ticks.missed == 10%", true, ""},
		{"ticks.double < 2", false, ""},
		{"ticks.late == 3", true, ""},
		{"ticks.lag.max == 4s", true, ""},
	} {
		t.Run(test.text, func(t *testing.T) {
			d := measured()
			d.Scenario.Thresholds = []scenario.Threshold{threshold(t, test.text)}
			o := Evaluate(d)[0]
			if o.Met != test.met || (o.Value == nil) != (test.doubt != "") || !strings.Contains(o.Doubt, test.doubt) {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestThresholdsOfAnEntryLookAtItAlone(t *testing.T) {
	d := measured()
	d.Scenario.Entries[1].Thresholds = []scenario.Threshold{threshold(t, "api.CreateRun.calls == 0"), threshold(t, "ticks.missed < 1")}
	outcomes := Evaluate(d)
	if len(outcomes) != 2 || !outcomes[0].Met || outcomes[0].Entry != 2 || outcomes[1].Met {
		t.Errorf("%+v", outcomes)
	}
}

func TestThresholdsDecideTheVerdict(t *testing.T) {
	value := 1.0
	good := Entry{Mode: scenario.PipelineRun, Counts: Counts{Planned: 1, Succeeded: 1}}
	for name, test := range map[string]struct {
		outcome Outcome
		want    Status
		reason  string
	}{
		"met":     {Outcome{Value: &value, Met: true}, Passed, ""},
		"not met": {Outcome{Threshold: scenario.Threshold{Text: "a < b"}, Value: &value}, Failed, `threshold "a < b" is not met`},
		"doubtful": {Outcome{Threshold: scenario.Threshold{Text: "a < b"}, Entry: 2, Doubt: "too few"}, Invalid,
			`entry 2: threshold "a < b" cannot be judged: too few`},
	} {
		verdict := Judge(&Document{Entries: []Entry{good}, Thresholds: []Outcome{test.outcome}})
		if verdict.Status != test.want || strings.Join(verdict.Reasons, "|") != test.reason {
			t.Errorf("%s: %+v", name, verdict)
		}
	}
}

func TestDroppedWorkMakesAResultInvalid(t *testing.T) {
	for dropped, want := range map[int]Status{0: Passed, 10: Passed, 11: Invalid} {
		e := Entry{Mode: scenario.RandomGets, Counts: Counts{Planned: 1000, Succeeded: 1000 - dropped, Dropped: dropped}}
		if verdict := Judge(&Document{Entries: []Entry{e}}); verdict.Status != want {
			t.Errorf("%d of 1000 dropped: %+v", dropped, verdict)
		}
	}
	e := Entry{Mode: scenario.PipelineUpload, Counts: Counts{Planned: 10, Dropped: 9, Errors: 1}}
	verdict := Judge(&Document{Entries: []Entry{e}})
	if verdict.Status != Invalid || len(verdict.Reasons) != 2 || !strings.Contains(verdict.Reasons[0], "9 of 10 uploads (90.0 %) were dropped") {
		t.Errorf("%+v", verdict)
	}
}

func TestAScheduleThatMadeNothingFails(t *testing.T) {
	e := Entry{Mode: scenario.PipelineScheduledRun, Schedule: &Schedule{Expected: 3, Missed: 3}}
	verdict := Judge(&Document{Entries: []Entry{e}})
	if verdict.Status != Failed || !strings.Contains(verdict.Reasons[0], "its schedule made no run (3 were expected)") {
		t.Errorf("%+v", verdict)
	}
}
