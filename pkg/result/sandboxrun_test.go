package result_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// ran is the result of a run of every mode against the sandbox, which lets every tenth create call and list fail.
func ran(t *testing.T) *result.Document {
	t.Helper()
	file := filepath.Join(t.TempDir(), "all.json")
	if err := os.WriteFile(file, []byte(`{"scenarios": [
		{"mode": "PIPELINE_RUN", "runTime": "1m", "load": {"rate": "1/s", "maxInFlight": 5}, "warmUp": "10s", "pipelineFileName": "noop.yaml"},
		{"mode": "EXPERIMENT", "runTime": "1m", "load": {"stages": [{"for": "1m", "inFlight": 3}]}},
		{"mode": "RANDOM_GETS", "runTime": "1m", "load": {"rate": "2/s"}, "warmUp": 5, "reads": {"weights": {"ListRuns": 1}, "pageSizes": [20]}},
		{"mode": "PIPELINE_UPLOAD", "runTime": "1m", "numTimes": 5, "padTo": "64KiB"},
		{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "3m", "numTimes": 2, "cron": "*/1 * * * *", "pipelineFileName": "noop.yaml"}],
		"thresholds": ["runs.success >= 1%", "api.CreateRun.response.p99 < 1m", "run.duration.p99.9 < 1m"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	document, err := scenario.Load(file, scenario.Sources{Shipped: scenarios.FS})
	if err != nil {
		t.Fatal(err)
	}
	var d *result.Document
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sandbox.Options{
			Seed: 1, Latency: map[string]sandbox.Latency{"": {Median: 2 * time.Millisecond, Sigma: 0.5}},
			ErrorRate: map[string]sandbox.ErrorRate{"CreateRun": {Rate: 0.1}, "ListRuns": {Rate: 0.1}},
		})
		client, err := kfp.New(kfp.Config{BaseURL: "http://kfp.example.com", Transport: inprocess.Transport{Handler: server}})
		if err != nil {
			t.Fatal(err)
		}
		d, err = worker.Run(t.Context(), worker.Options{
			RunID: "all-1", URL: "http://kfp.example.com", Client: client, Document: document, Version: "v0",
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return d
}
