package result_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

const golden = "testdata/v1alpha2.json"

// TestTheCompleteDocumentIsGolden fails when a field is renamed, comes or goes: others read these names. A field
// that is added is written into the file with KFPPERF_UPDATE=1; one that means something else than before needs
// another APIVersion.
func TestTheCompleteDocumentIsGolden(t *testing.T) {
	text := encode(t, complete(t))
	if os.Getenv("KFPPERF_UPDATE") != "" { // writes the golden file anew
		if err := os.WriteFile(golden, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the document", text, want)
	read, err := result.Decode(want)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what was read", encode(t, read), want)
}

// same tells of the first line that differs.
func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	lines, wanted := append(strings.Split(unpacked(got), "\n"), "the end"), append(strings.Split(unpacked(want), "\n"), "the end")
	for i := range min(len(lines), len(wanted)) {
		if lines[i] != wanted[i] {
			t.Errorf("%s has line %d %q, want %q", what, i+1, lines[i], wanted[i])
			return
		}
	}
}

// unpacked leaves out the compressed histograms, whose bytes Go's compressor may change from one release to the
// next. That they hold what is written beside them is checked when they are read.
func unpacked(text []byte) string {
	return regexp.MustCompile(`"hdr": "[^"]+"`).ReplaceAllString(string(text), `"hdr": ""`)
}

func encode(t *testing.T, d *result.Document) []byte {
	t.Helper()
	text, err := result.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func start() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678901234, time.UTC) }

// server is the server's clock so many seconds after the start, which has no fractions.
func server(seconds int) time.Time {
	return start().Truncate(time.Second).Add(time.Duration(seconds) * time.Second)
}

func as[T any](value T) *T { return &value }

// complete is a document in which every field has a value, though no run would have all of them at once.
func complete(t *testing.T) *result.Document {
	d := &result.Document{
		APIVersion: result.APIVersion, Kind: result.Kind, RunID: "nightly-9k2d4f",
		Tool:     result.Tool{Version: "v0.2.0", Protocol: 1},
		Scenario: asked(t),
		Tenancy:  &result.Tenancy{Namespace: "team", Namespaces: []string{"team", "team-2"}},
		Server:   result.Server{URL: "http://ml-pipeline:8888", Version: "2.0.5", MultiUser: true, Store: "database", Sandbox: true, Namespace: "team", Identity: "system:serviceaccount:team:default-editor"},
		Started:  start(), Finished: start().Add(2 * time.Minute), Speed: 60, Interrupted: true, Partial: true,
		PollInterval: scenario.Duration(1024 * time.Millisecond),
		Entries:      []result.Entry{runs(), scheduled()},
		API:          operations(true), Own: operations(false)[1:],
		Follow:      result.Follow{Looks: 118, Failed: 2, PerSecond: 0.98},
		Environment: environment(), Resources: resources(),
		ServerCounts: []result.ServerCount{{
			Name: "grpc_server_handling_seconds", Labels: map[string]string{"grpc_method": "CreateRun"},
			Count: 24, SumSeconds: as(1.5),
		}},
		NotMeasured: []result.Gap{{What: "resources.components", Why: "metrics.k8s.io does not answer; install metrics-server"}},
		Cleanup: &result.Cleanup{
			Keep: result.KeepFailed, Namespace: "team", Deleted: result.Things{Runs: 22, RecurringRuns: 1, Experiments: 1, Pipelines: 1, Versions: 2},
			Kept: &result.Things{Runs: 1, Experiments: 1, Pipelines: 1}, LeftTotal: 1,
			Left: []result.Thing{{Kind: result.RunThing, ID: "9e1c", Name: "nightly-9k2d4f-1-7"}},
			Took: scenario.Duration(5 * time.Second), Reason: "run nightly-9k2d4f-1-7 could not be deleted: http 500 INTERNAL",
		},
		Warnings: []string{"2 of 118 looks at the states of runs failed"},
	}
	for i, text := range []string{"runs.success >= 99%", "run.duration.p99 < 2m"} {
		d.Thresholds = append(d.Thresholds, result.Outcome{Threshold: threshold(t, text), Entry: i})
	}
	d.Thresholds[0].Value, d.Thresholds[0].Met = as(1.0), true
	d.Thresholds[1].Doubt = "p99 needs 368 runs that succeeded, and there are 24"
	d.Verdict = result.Judge(d)
	return d
}

func threshold(t *testing.T, text string) scenario.Threshold {
	t.Helper()
	parsed, err := scenario.ParseThreshold(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func asked(t *testing.T) result.Scenario {
	return result.Scenario{
		Name: "nightly", Hash: "3d9a2d57", Seed: 7, Thresholds: []scenario.Threshold{threshold(t, "runs.success >= 99%")},
		Entries: []scenario.Entry{
			{
				Mode: scenario.PipelineRun, StartTime: scenario.Duration(time.Second), RunTime: scenario.Duration(time.Minute),
				NumTimes: 26, PipelineFileName: "noop.yaml", Params: map[string]any{"a": 1.5, "b": []any{"x", nil}},
				Cron: "*/5 * * * *", Name: "creators", Labels: map[string]string{"team": "a"},
				Load:   &scenario.Shape{Rate: 0.5, Arrivals: scenario.Poisson, MaxInFlight: 20},
				WarmUp: &scenario.WarmUp{Count: 1}, Drain: as(scenario.Duration(90 * time.Second)), Terminate: true,
				Caching: as(false), Seed: as(uint64(1 << 63)), Thresholds: []scenario.Threshold{threshold(t, "run.duration.p99 < 2m")},
				Reads: &scenario.Reads{Weights: map[string]float64{"ListRuns": 3, "GetRun": 0.5}, PageSizes: []int{20, 200}, PageDepths: []int{1}},
				As:    scenario.AsVersions, PadTo: 512 << 10, MaxConcurrency: 10, Namespaces: []string{"team", "team-2"},
			},
			{
				Mode: scenario.PipelineScheduledRun, WarmUp: &scenario.WarmUp{Time: scenario.Duration(30 * time.Second)},
				Load: &scenario.Shape{InFlight: 3, Stages: []scenario.Stage{
					{For: scenario.Duration(time.Minute), Rate: as(scenario.Rate(5)), InFlight: as(0)},
				}},
			},
		},
	}
}

// operations are what was called, with the calls over time or without.
func operations(series bool) []metrics.Operation {
	recorder, over := &metrics.Recorder{}, &metrics.SeriesRecorder{Start: start()}
	record := func(operation, class string, after, lag, service time.Duration) {
		due := start().Add(after)
		c := metrics.Call{
			Operation: operation, Class: class, Planned: due, Sent: due.Add(lag), Done: due.Add(lag + service),
			Answered: class != "timeout", SentBytes: 300, ReceivedBytes: 900,
		}
		recorder.Record(c)
		over.Record(c)
	}
	record("CreateRun", "", time.Second, 2*time.Millisecond, 20*time.Millisecond)
	record("CreateRun", "http 503 UNAVAILABLE", 2*time.Second, 0, 3*time.Second)
	record("CreateRun", "timeout", 3*time.Second, 0, 2*time.Minute)
	record("ListRuns", "", 0, 0, 8*time.Millisecond)
	late := metrics.Call{Operation: "CreateRun", Planned: start(), Sent: start().Add(25 * time.Hour), Done: start().Add(25 * time.Hour), Answered: true}
	recorder.Record(late) // beyond the range of a histogram; in a series it would be a window of its own
	all := recorder.Operations()
	for i := range all {
		if series {
			all[i].Series = over.Of(all[i].Name)
		}
	}
	return all
}
