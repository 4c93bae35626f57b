package result

import (
	"bytes"
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
	d, err := Decode([]byte(`{"apiVersion":"kfpperf.io/v1alpha1","kind":"Result","runID":"a","news":1}`))
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
		`{"apiVersion":"kfpperf.io/v1alpha1","kind":"Result"} x`:                      "more text after the document",
		`{"apiVersion":"kfpperf.io/v1alpha1","kind":"Result","runID":7}`:              "runID",
		`{"apiVersion":"kfpperf.io/v1alpha1","kind":"Result","api":[{"response":7}]}`: "histogram",
	} {
		if d, err := Decode([]byte(text)); err == nil || d != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestDurationsAreOfSucceededRunsWithBothTimes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	e := Entry{Runs: []Run{
		{State: Succeeded, ServerCreated: at, ServerFinished: at.Add(41 * time.Second)},
		{State: Succeeded, ServerCreated: at, ServerFinished: at.Add(38 * time.Second)},
		{State: "FAILED", ServerCreated: at, ServerFinished: at.Add(time.Second)},
		{State: Succeeded, ServerCreated: at},
		{State: Succeeded, ServerFinished: at},
	}}
	want := []time.Duration{38 * time.Second, 41 * time.Second}
	if got := e.Durations(); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
