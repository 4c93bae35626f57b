package bench

import (
	"compress/gzip"
	"fmt"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const (
	mib = 1 << 20
	// mostMemory and mostResult are what a worker may take for a million calls and ten thousand runs.
	mostMemory = 128 * mib
	mostResult = 8 * mib
	// mostGrowth is how many bytes a minute it may grow by. A load of less than steady shows nothing but its start.
	mostGrowth = 4 * mib
	steady     = time.Minute
	// readRate is how many calls there are a second.
	readRate = 4000
)

// waiting is a pipeline whose runs wait, without a pod.
const waiting = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: wait-}
spec:
  entrypoint: wait
  templates:
    - name: wait
      suspend: {duration: "%d"}
`

// BenchmarkWorkerMemory follows a hundredth as many runs as there are reads. The runs are made in the first
// eighth of the time, are at work together until it is over, and then end. It is the plugin as it ships that is
// looked at, in a process of its own; what it does with its result is part of it.
func BenchmarkWorkerMemory(b *testing.B) {
	for b.Loop() {
		reads := samples(b)
		runs, whole := reads/100, span(reads, readRate)
		server := startSandbox(b)
		content, watch := server.load(b, fmt.Sprintf(`[
			{"mode": "PIPELINE_RUN", "runTime": %q, "numTimes": %d, "load": {"rate": %.1f}, "pipelineFileName": "wait.yaml"},
			{"mode": "RANDOM_GETS", "startTime": "1s", "runTime": %q, "load": {"rate": %d}, "reads": {"weights": {
				"GetRun": 10, "GetPipeline": 10, "GetPipelineVersion": 10, "GetExperiment": 10,
				"ListRuns": 1, "ListPipelines": 1, "ListPipelineVersions": 1, "ListExperiments": 1}}}]`,
			whole, runs, 8*float64(runs)/whole.Seconds(), whole, readRate),
			fmt.Sprintf(waiting, int(whole.Seconds())))
		peak, levels := watch.end()
		server.end(b)
		d, err := result.Decode(content)
		if err != nil {
			b.Fatal(err)
		}
		mustBeWhole(b, d)
		if got := len(d.Entries[0].Runs); got != runs {
			b.Fatalf("%d runs", got)
		}
		size := compressed(b, content)
		b.ReportMetric(peak/mib, "peak-MiB")
		grown := growth(levels, whole)
		b.ReportMetric(grown/mib, "MiB/min")
		b.ReportMetric(float64(size)/mib, "result-MiB")
		b.ReportMetric(float64(len(content))/mib, "uncompressed-MiB")
		b.ReportMetric(float64(d.Entries[1].Counts.Succeeded), "calls")
		b.ReportMetric(float64(runs), "runs")
		if peak > mostMemory {
			b.Errorf("the worker took %.0f MiB, %d at the most", peak/mib, mostMemory/mib)
		}
		if whole > steady && grown > mostGrowth {
			b.Errorf("the worker grew by %.1f MiB a minute, %d at the most", grown/mib, mostGrowth/mib)
		}
		if size > mostResult {
			b.Errorf("its result takes %.1f MiB, %d at the most", float64(size)/mib, mostResult/mib)
		}
	}
}

// counter counts what is written.
type counter int

func (c *counter) Write(content []byte) (int, error) {
	*c += counter(len(content))
	return len(content), nil
}

// compressed returns what the handoff makes of a result, but for its frame.
func compressed(b *testing.B, content []byte) int {
	b.Helper()
	var size counter
	w := gzip.NewWriter(&size)
	if _, err := w.Write(content); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return int(size)
}
