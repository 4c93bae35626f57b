package result

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestADocumentSurvivesItsEncoding(t *testing.T) {
	var recorder metrics.Recorder
	recorder.Record(metrics.Call{
		Operation: "CreateRun", Class: "http 500", Answered: true, Done: time.Time{}.Add(12 * time.Millisecond),
	})
	at := time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC)
	original := &Document{
		APIVersion: APIVersion, Kind: Kind, RunID: "smoke-9k2d", Started: at, Finished: at.Add(time.Minute),
		Entries: []Entry{{
			Mode: scenario.PipelineRun, Counts: Counts{Planned: 1, Succeeded: 1},
			Runs: []Run{{ID: "1-2", Name: "a<b>&c", Planned: at, Sent: at, State: Succeeded}},
		}},
		API: recorder.Operations(), Verdict: Verdict{Status: Passed}, Warnings: []string{"slow"},
	}
	first, err := Encode(original)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(first, []byte("}\n")) || !bytes.Contains(first, []byte("a<b>&c")) {
		t.Errorf("encoded as %s", first)
	}
	if bytes.Contains(first, []byte(`"terminal"`)) {
		t.Error("an unset time is written")
	}
	decoded, err := Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Encode(decoded)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) || !reflect.DeepEqual(original.Entries, decoded.Entries) {
		t.Errorf("wrote %s, read back %s", first, second)
	}
}

func TestDecodePassesOverLaterFields(t *testing.T) {
	d, err := Decode([]byte(`{"apiVersion":"kfpperf.io/v1alpha2","kind":"Result","runID":"a","news":1}`))
	if err != nil || d.RunID != "a" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                                 "not JSON",
		`{`:                                "not JSON",
		`no`:                               "not JSON",
		`[]`:                               "cannot unmarshal",
		`{}`:                               `kind is "", want "Result"`,
		`{"kind":1}`:                       "cannot unmarshal",
		`{"apiVersion":"v1","kind":"Pod"}`: `kind is "Pod", want "Result"`,
		`{"apiVersion":"kfpperf.io/v9","kind":"Result"}`:                              `apiVersion is "kfpperf.io/v9"`,
		`{"apiVersion":"kfpperf.io/v1alpha2","kind":"Result"} x`:                      "more text after the document",
		`{"apiVersion":"kfpperf.io/v1alpha2","kind":"Result","runID":7}`:              "runID",
		`{"apiVersion":"kfpperf.io/v1alpha2","kind":"Result","api":[{"response":7}]}`: "histogram",
	} {
		if d, err := Decode([]byte(text)); err == nil || d != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestDurationsAreOfSucceededRunsWithBothTimes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var f Figures
	for _, r := range []Run{
		{State: Succeeded, Terminal: at, ServerCreated: at, ServerFinished: at.Add(41 * time.Second)},
		{State: Succeeded, Terminal: at, ServerCreated: at, ServerFinished: at.Add(38 * time.Second)},
		{State: "FAILED", Terminal: at, ServerCreated: at, ServerFinished: at.Add(time.Second)},
		{State: Succeeded, Terminal: at, ServerCreated: at},
		{State: Succeeded, Terminal: at, ServerFinished: at},
		{State: Succeeded, Terminal: at, ServerCreated: at, ServerFinished: at.Add(time.Second), WarmUp: true},
		{State: "RUNNING", ServerCreated: at},
	} {
		f.Add(r)
	}
	d := f.Distributions(time.Second)[0]
	if d.Name != MetricDuration || d.Values.Count() != 2 || d.Values.Min() != 38 || d.Values.Max() != 41 || d.Unknown != 2 {
		t.Errorf("%+v", d)
	}
}

// TestTheVersionBeforeIsRead reads a result as the release before wrote it.
func TestTheVersionBeforeIsRead(t *testing.T) {
	text, err := os.ReadFile("testdata/v1alpha1.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	runs, schedule := d.Entries[0], d.Entries[1]
	if durations := runs.Figure(MetricDuration); d.APIVersion != APIVersion || durations.Count() != 2 || durations.Max() != 2 {
		t.Errorf("%s, durations %+v", d.APIVersion, durations)
	}
	if lags := schedule.Figure(MetricScheduleLag); lags.Count() != 3 || lags.Min() != 4 || schedule.Schedule.Expected != 3 {
		t.Errorf("lags %+v of %+v", lags, schedule.Schedule)
	}
	if r := runs.Runs[0]; r.Stages != nil || r.Tasks != nil {
		t.Errorf("what was not measured is known: %+v", r)
	}
	if len(d.NotMeasured) != 1 || Judge(d).Status != Passed {
		t.Errorf("%+v, %+v", d.NotMeasured, Judge(d))
	}
}

func TestListsOfNumbersAreOneLine(t *testing.T) {
	var g metrics.Gauge
	for i := range 5 {
		g.Set(time.Duration(i)*time.Second, int64(i))
	}
	text, err := Encode(&Document{Kind: Kind, APIVersion: APIVersion, Resources: Resources{Worker: &WorkerUse{CPUMilli: g}}})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte("\"windowMax\": [0,1,2,3,4]\n")) {
		t.Errorf("%s", text)
	}
}
