package bench

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
)

const (
	// injected is the latency of the sandbox: lognormal, its p99.9 is at 940 ms. What timers, loopback and two
	// processes on two cores take for a call, some 1.5 ms at this rate, is not injected and cannot be told apart.
	// A percent of much shorter latencies would be less than that.
	injected = "200ms,0.5"
	// callRate is how many calls there are a second: half of what two cores can do.
	callRate = 2500
	// mostOff is how far a percentile may be off, in percent.
	mostOff = 1.0
)

// quantiles are what is compared, by what people call them.
func quantiles() map[string]float64 {
	return map[string]float64{"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
}

// BenchmarkCalibration compares what the worker measures with what the sandbox injected into the same calls.
func BenchmarkCalibration(b *testing.B) {
	b.Run("lognormal", func(b *testing.B) {
		for b.Loop() {
			calibrate(b, samples(b), callRate)
		}
	})
	// A second without answers in ten. A load that waited with the server would have some slow calls; this one
	// has a tenth of them, and says so to the percent.
	b.Run("stall", func(b *testing.B) {
		for b.Loop() {
			calls := calibrate(b, 10_000, 1000, "--stall", "5s-6s")
			slow, _ := calls.Response.Quantile(0.95)
			b.ReportMetric(milliseconds(slow), "p95-response-ms")
			if slow < 500*time.Millisecond {
				b.Errorf("half of the stall is %v", slow)
			}
		}
	})
}

// calibrate makes so many calls, at a rate a second, and fails if a percentile of them is off.
func calibrate(b *testing.B, n, rate int, flags ...string) metrics.Operation {
	b.Helper()
	log := filepath.Join(b.TempDir(), "calls.csv")
	server := startSandbox(b, append([]string{"--latency", injected, "--latency-log", log}, flags...)...)
	d := server.measure(b, fmt.Sprintf(`[{"mode": "RANDOM_GETS", "runTime": %q, "load": {"rate": %d},
		"reads": {"weights": {"GetExperiment": 1}}}]`, span(n, rate), rate), nil, worker.Options{})
	server.end(b)
	var calls metrics.Operation
	for _, o := range d.API {
		if o.Name == "GetExperiment" {
			calls = o
		}
	}
	truth := readLog(b, log, "GetExperiment")
	if truth.Count() != calls.Service.Count() {
		b.Fatalf("the sandbox knows %d calls, and the worker %d", truth.Count(), calls.Service.Count())
	}
	b.ReportMetric(float64(truth.Count()), "calls")
	late, _ := calls.Lag.Quantile(0.999)
	b.ReportMetric(milliseconds(late), "p99.9-lag-ms")
	for name, q := range quantiles() {
		micros, _ := truth.Quantile(q)
		exact := time.Duration(micros) * time.Microsecond
		service, known := calls.Service.Quantile(q)
		response, _ := calls.Response.Quantile(q)
		b.ReportMetric(offPercent(service, exact), name+"-service-%off")
		b.ReportMetric(milliseconds(service-exact), name+"-service-ms-off")
		b.ReportMetric(offPercent(response, exact), name+"-response-%off")
		if off := offPercent(service, exact); !known || math.Abs(off) > mostOff {
			b.Errorf("%s of the service is %v, %.2f %% off: %v was injected (p99.9 of the lag is %v: a busy machine is late)",
				name, service, off, exact, late)
		}
	}
	return calls
}

func offPercent(measured, exact time.Duration) float64 {
	return (float64(measured)/float64(exact) - 1) * 100
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// readLog returns how many microseconds the sandbox injected into each call of an operation.
func readLog(b *testing.B, name, operation string) metrics.Whole {
	b.Helper()
	file, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	lines := csv.NewReader(file)
	lines.ReuseRecord = true
	var all metrics.Whole
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			b.Fatal(err)
		}
		if line[0] != operation {
			continue
		}
		micros, err := strconv.ParseInt(line[1], 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		all.Add(micros)
	}
}
