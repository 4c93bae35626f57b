package worker

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

func TestThresholdsDecide(t *testing.T) {
	for _, test := range []struct {
		threshold string
		want      result.Status
		reason    string
	}{
		{"api.CreateRun.response.p50 < 100ms", result.Passed, ""},
		{"api.CreateRun.response.p50 < 1ms", result.Failed, `threshold "api.CreateRun.response.p50 < 1ms" is not met`},
		{"api.CreateRun.response.p99 < 100ms", result.Invalid, "p99 needs 368 answered calls of CreateRun, and there are 30"},
		{"runs.success >= 99%", result.Passed, ""},
		{"run.duration.max < 2s", result.Failed, "is not met"},
		{"run.duration.p50 <= 3s", result.Passed, ""},
		{"run.duration.p95 < 2m", result.Invalid, "p95 needs 72 runs that succeeded, and there are 30"},
	} {
		t.Run(test.threshold, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				d := s.run(t, `{"scenarios": [{"mode": "PIPELINE_RUN", "runTime": "30s", "load": {"rate": "1/s"}, "pipelineFileName": "wait.yaml"}],
					"thresholds": ["`+test.threshold+`"]}`)
				reasons := strings.Join(d.Verdict.Reasons, "; ")
				if d.Verdict.Status != test.want || !strings.Contains(reasons, test.reason) || len(d.Thresholds) != 1 {
					t.Errorf("verdict %+v", d.Verdict)
				}
			})
		})
	}
}

func TestCachingIsRewrittenBeforeTheUpload(t *testing.T) {
	for caching, want := range map[string]string{"": "true", `, "caching": true`: "true", `, "caching": false`: "false"} {
		synctest.Test(t, func(t *testing.T) {
			s := newStand(t, sandbox.Options{})
			d := s.run(t, `[{"mode": "PIPELINE_RUN", "runTime": "30s", "pipelineFileName": "add_numbers.yaml"`+caching+`}]`)
			content := s.heardOf("POST/pipelines/upload")[0].sent(t)
			if n := strings.Count(content, "enableCache: "+want); n == 0 || n != strings.Count(content, "enableCache: ") {
				t.Errorf("%s: uploaded %s", caching, content)
			}
			if d.Entries[0].Counts.Succeeded != 1 {
				t.Errorf("counts %+v", d.Entries[0].Counts)
			}
		})
	}
}

// At sixty times the speed an hour's work takes a minute; answers take what they take.
func TestSpeedShortensTheScenarioAndNotTheCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Speed: 60, Latency: map[string]sandbox.Latency{"": {Median: 20 * time.Millisecond}}})
		d := s.run(t, `[
			{"mode": "PIPELINE_RUN", "startTime": "10m", "runTime": "50m", "load": {"rate": "2/m"}, "warmUp": "10m", "pipelineFileName": "wait-60.yaml"},
			{"mode": "PIPELINE_RUN", "runTime": "10m", "drain": "20m", "pipelineFileName": "wait-600.yaml", "numTimes": 2},
			{"mode": "EXPERIMENT", "load": {"stages": [{"for": "30m", "rate": "2/m"}, {"for": "10m", "rate": "2/m"}]}, "pipelineFileName": "wait.yaml"},
			{"mode": "PIPELINE_UPLOAD", "runTime": "60m", "numTimes": 6, "pipelineFileName": "wait.yaml"},
			{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "30m", "numTimes": 2, "cron": "*/5 * * * *", "warmUp": "10m", "pipelineFileName": "wait-60.yaml"}]`)
		if d.Speed != 60 || d.Verdict.Status != result.Passed {
			t.Errorf("speed %v, verdict %+v", d.Speed, d.Verdict)
		}
		if took := d.Finished.Sub(d.Started); took < time.Minute || took > 65*time.Second {
			t.Errorf("took %v", took)
		}
		for i, want := range []int{80, 2, 50, 6, 6} {
			if c := d.Entries[i].Counts; c.Succeeded != want || c.Planned != want {
				t.Errorf("%s: counts %+v, want %d", d.Entries[i].Name(), c, want)
			}
		}
		if warm := d.Entries[0].WarmUp.Counts.Succeeded; warm != 20 {
			t.Errorf("a warm-up of %d runs", warm)
		}
		if durations := d.Entries[0].Figure(result.MetricDuration); durations.Min() < 60 || durations.Max() > 61 {
			t.Errorf("runs took %+v seconds by the server's clock", durations)
		}
		if got := callsOf(d, "CreateRun").Response.Max(); got != 20*time.Millisecond {
			t.Errorf("a call took %v", got)
		}
		if s := d.Entries[4].Schedule; s.Expected != 6 || s.Fired != 6 || s.Missed != 0 || s.Left != 0 || d.Entries[4].WarmUp.Counts.Succeeded != 4 {
			t.Errorf("schedule %+v, warm-up %+v", s, d.Entries[4].WarmUp)
		}
	})
}

func TestASpeedOfOneIsNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newStand(t, sandbox.Options{Speed: 1}).run(t, `[{"mode": "PIPELINE_RUN", "runTime": "30s", "pipelineFileName": "wait.yaml"}]`)
		if d.Speed != 0 || d.PollInterval.String() != "1s" {
			t.Errorf("speed %v, polled each %v", d.Speed, d.PollInterval)
		}
	})
}
