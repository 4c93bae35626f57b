package report

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestTextIsGolden(t *testing.T) {
	for name, document := range map[string]*result.Document{
		"smoke":       smoke(),
		"many":        many(),
		"failed":      failed(),
		"interrupted": interrupted(),
		"mixed":       mixed(),
		"cluster":     onACluster(),
	} {
		t.Run(name, func(t *testing.T) {
			var text bytes.Buffer
			if err := Text(&text, document, "kfpperf-"+document.RunID+".json"); err != nil {
				t.Fatal(err)
			}
			isGolden(t, name, text.Bytes())
		})
	}
}

func TestASmallSummaryFitsIntoEightyColumns(t *testing.T) {
	var text bytes.Buffer
	if err := Text(&text, smoke(), ""); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if strings.Contains(text.String(), "result") {
		t.Error("a file is named though none was written")
	}
}

func TestTextReportsAWriterThatFails(t *testing.T) {
	if err := Text(brokenWriter{}, smoke(), ""); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func began() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func smoke() *result.Document {
	d := &result.Document{
		RunID: "smoke-9k2d4f", Started: began(), Finished: began().Add(42300 * time.Millisecond),
		Entries: []result.Entry{{
			Mode: scenario.PipelineRun, Pipeline: "add_numbers.yaml",
			Counts: result.Counts{Planned: 2, Succeeded: 2},
			Runs:   runsOf(38*time.Second, 41*time.Second),
		}},
		API: []metrics.Operation{
			operation("CreateRun", nil, 11*time.Millisecond, 12*time.Millisecond),
			operation("ListRuns", nil, repeat(4210*time.Microsecond, 9)...),
			operation("UploadPipeline", nil, 93*time.Millisecond),
		},
	}
	d.Entries[0].Load.Sent(0, 0)
	d.Entries[0].Load.Sent(0, 10*time.Millisecond)
	d.Entries[0].Load = d.Entries[0].Load.Until(40 * time.Second)
	return judged(d)
}

// onACluster is smoke with all that a real cluster tells.
func onACluster() *result.Document {
	d := smoke()
	for i := range d.Entries[0].Runs {
		r, n := &d.Entries[0].Runs[i], int64(i)
		tasks, cached, retried, late := int64(3), n, 1-n, n+1
		r.Persisted, r.DetectionSeconds = r.ServerFinished.Add(time.Second), &late
		r.Tasks, r.CachedTasks, r.RetriedTasks = &tasks, &cached, &retried
		r.Stages = &result.Stages{Queue: 2, Drivers: 9 + n, Executors: 20, Scheduling: 6 + n, Unattributed: 1 + n}
	}
	d.Server.Version = "2.0.5"
	d.Follow = result.Follow{Looks: 41, PerSecond: 0.97}
	var clock metrics.Clock
	clock.See(began(), began().Add(20*time.Millisecond), began().Add(1300*time.Millisecond))
	d.Environment = result.Environment{Kubernetes: "v1.36.3", Nodes: make([]result.Node, 3), Clock: &clock}
	gauge := func(levels ...int64) (g metrics.Gauge) {
		for i, level := range levels {
			g.Set(time.Duration(i)*15*time.Second, level)
		}
		return g
	}
	milli, bytes := int64(1000), int64(512<<20)
	d.Resources.Worker = &result.WorkerUse{
		CPUSeconds: 2, CPULimitMilli: 1000, CPUMilli: gauge(30, 50), MemoryBytes: gauge(31<<20, 40<<20), MemoryLimitBytes: &bytes,
	}
	d.Resources.Components = []result.ComponentUse{
		{Name: "ml-pipeline", Pods: 2, CPUMilli: gauge(100, 900), MemoryBytes: gauge(80<<20, 3<<29), CPULimitMilli: &milli, Restarts: 1},
		{Name: "mysql", Pods: 1},
	}
	sum := 0.3
	d.ServerCounts = []result.ServerCount{
		{Name: "grpc_server_handling_seconds", Labels: map[string]string{"grpc_method": "ListRuns"}, Count: 100, SumSeconds: &sum},
		{Name: "process_cpu_seconds_total", Count: 3},
	}
	d.NotMeasured = []result.Gap{{What: "environment.imageDigest", Why: "the worker may not see its own pod (403)"}}
	return judged(d)
}

func many() *result.Document {
	var durations, creates []time.Duration
	for i := range 400 {
		durations = append(durations, time.Duration(20+i/4)*time.Second)
		creates = append(creates, time.Duration(i+1)*5*time.Millisecond)
	}
	d := &result.Document{
		RunID: "baseline-abc234", Started: began(), Finished: began().Add(7*time.Minute + 4*time.Second),
		Entries: []result.Entry{
			{Mode: scenario.PipelineRun, Pipeline: "noop.yaml",
				Counts: result.Counts{Planned: 400, Succeeded: 400}, Runs: runsOf(durations...)},
			{Index: 1, Mode: scenario.Experiment, Pipeline: "etl.yaml",
				Counts: result.Counts{Planned: 12, Succeeded: 10, Failed: 1, Errors: 1}, Runs: runsOf(durations[:10]...)},
		},
		API: []metrics.Operation{
			operation("CreateRun", map[string]int64{"http 500": 1}, creates...),
			operation("ListRuns", map[string]int64{"timeout": 3, "http 503": 12, "refused": 3}, creates[:80]...),
		},
		Warnings: []string{"18 of 98 looks at the states of runs failed; what was first seen then was seen late"},
	}
	return judged(d)
}

func failed() *result.Document {
	return judged(&result.Document{
		RunID: "rejected-abc234", Started: began(), Finished: began().Add(900 * time.Millisecond),
		Entries: []result.Entry{
			{Mode: scenario.PipelineRun, Pipeline: "rejected.yaml",
				Failure: `uploading pipeline "rejected": http 400: invalid template`,
				Counts:  result.Counts{Planned: 2, NotStarted: 2}},
			{Index: 1, Mode: scenario.PipelineRun, Pipeline: "noop.yaml",
				Counts: result.Counts{Planned: 1, Succeeded: 1}, Runs: runsOf(time.Second)},
		},
		API: []metrics.Operation{{Name: "UploadPipeline", Calls: 1, Errors: map[string]int64{"timeout": 1}}},
	})
}

func interrupted() *result.Document {
	return judged(&result.Document{
		Cleanup: &result.Cleanup{
			Keep: result.KeepFailed, Namespace: "team", LeftTotal: 3, Kept: &result.Things{Runs: 2, Experiments: 1, Pipelines: 1},
			Reason: "run long-abc234-1-1 could not be deleted: DeleteRun: HTTP 503: no healthy upstream",
		},
		RunID: "long-abc234", Started: began(), Finished: began().Add(3 * time.Second), Interrupted: true,
		Entries: []result.Entry{{Mode: scenario.PipelineRun, Counts: result.Counts{Planned: 10, NotStarted: 8, Unfinished: 2}}},
	})
}

// mixed has every mode, a warm-up, a schedule and thresholds of every outcome.
func mixed() *result.Document {
	met, missed := 0.9994, 0.72
	schedule := result.Entry{
		Index: 3, Mode: scenario.PipelineScheduledRun, Counts: result.Counts{Planned: 4, Succeeded: 4},
		Schedule: &result.Schedule{Cron: "0 */1 * * * *", RecurringRuns: 2, Expected: 5, Missed: 1, Late: 1, Fired: 4},
		Runs:     runsOf(2*time.Second, 2*time.Second, 3*time.Second, 2*time.Second),
	}
	for i := range schedule.Runs {
		schedule.Runs[i].Tick, schedule.Runs[i].RecurringRun = began().Add(-time.Duration(4*i)*time.Second), "r"
	}
	return judged(&result.Document{
		RunID: "mixed-abc234", Started: began(), Finished: began().Add(3*time.Minute + 20*time.Second),
		Entries: []result.Entry{
			{Mode: scenario.RandomGets, Title: "browsers", Counts: result.Counts{Planned: 2000, Succeeded: 1985, Errors: 15},
				WarmUp: &result.WarmUp{Counts: result.Counts{Planned: 100, Succeeded: 99, Errors: 1}}},
			{Index: 1, Mode: scenario.PipelineUpload, Counts: result.Counts{Planned: 1000, Succeeded: 997, Dropped: 3}},
			{Index: 2, Mode: scenario.PipelineRun, Counts: result.Counts{Planned: 2, Succeeded: 2}, Runs: runsOf(2*time.Second, 2*time.Second)},
			schedule,
		},
		API: []metrics.Operation{operation("GetRun", map[string]int64{"http 503": 15}, repeat(4210*time.Microsecond, 400)...)},
		Thresholds: []result.Outcome{
			{Threshold: scenario.Threshold{Text: "runs.success >= 99%", Percent: true}, Value: &met, Met: true},
			{Threshold: scenario.Threshold{Text: "api.CreateRun.response.p99 < 500ms", Subject: "api", Statistic: "p99"}, Entry: 3, Value: &missed},
			{Threshold: scenario.Threshold{Text: "run.duration.p95 < 2m"}, Doubt: "p95 needs 72 runs that succeeded, and there are 6"},
		},
	})
}

func judged(d *result.Document) *result.Document {
	for i := range d.Entries {
		var figures result.Figures
		for _, r := range d.Entries[i].Runs {
			figures.Add(r)
		}
		d.Entries[i].Figures = figures.Distributions(time.Second)
	}
	d.Verdict = result.Judge(d)
	return d
}

func runsOf(durations ...time.Duration) []result.Run {
	var runs []result.Run
	for i, d := range durations {
		runs = append(runs, result.Run{
			Slot: i, State: result.Succeeded, Terminal: began(), ServerCreated: began(), ServerFinished: began().Add(d),
		})
	}
	return runs
}

func operation(name string, failures map[string]int64, latencies ...time.Duration) metrics.Operation {
	o := metrics.Operation{Name: name, Calls: int64(len(latencies)), Errors: failures}
	for _, latency := range latencies {
		o.Response.Record(latency)
	}
	return o
}

func repeat(d time.Duration, n int) []time.Duration {
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = d
	}
	return all
}

// isGolden compares a text with its file of testdata.
func isGolden(t *testing.T, name string, text []byte) {
	t.Helper()
	golden := filepath.Join("testdata", name+".txt")
	if os.Getenv("KFPPERF_UPDATE") != "" { // writes the golden files anew
		if err := os.WriteFile(golden, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, text, want)
	}
}
