// Package bench measures the product as a whole: a worker in this process, an embedded KFP in another, and HTTP
// over loopback between them.
package bench

import (
	"context"
	"io"
	"os"
	"strconv"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cli"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// The environment of these benchmarks.
const (
	// envSamples is how many calls a benchmark is to measure.
	envSamples = "KFPPERF_BENCH_SAMPLES"
	// envPlugin makes this binary the plugin.
	envPlugin = "KFPPERF_BENCH_PLUGIN"
)

func TestMain(m *testing.M) {
	if os.Getenv(envPlugin) != "" {
		os.Exit(bePlugin())
	}
	os.Exit(m.Run())
}

// bePlugin carries out a command line as cmd/kubectl-kfpperf does, until stdin ends. That is how a sandbox ends
// whatever becomes of the benchmark that started it.
func bePlugin() int {
	ctx, end := context.WithCancel(context.Background())
	go func() {
		defer end()
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return cli.Run(ctx, os.Args[1:], genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}, "v0.0.0-bench")
}

// samples returns how many calls to measure: few enough for seconds unless it is said.
func samples(b *testing.B) int {
	b.Helper()
	said, found := os.LookupEnv(envSamples)
	if !found {
		return 10_000
	}
	n, err := strconv.Atoi(said)
	if err != nil || n < 10_000 {
		b.Fatalf("%s is %q; expected a number from 10000", envSamples, said)
	}
	return n
}
