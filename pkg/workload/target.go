// Package workload is what the modes of a scenario do to Kubeflow Pipelines (KFP), and how the runs they
// make are followed to their ends. It refuses to decide when slots start (see load), to time API calls
// (the client does) and to judge the outcome (see result). It never sends a create call twice.
package workload

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
)

// Target is what all entries of a run have in common.
type Target struct {
	Client *kfp.Client
	// RunID starts every name that the run makes on the server.
	RunID string
	// Namespace is where a multi-user KFP keeps the runs; empty in single-user mode.
	Namespace string
	// Tenant is the namespace whose share of the entries is carried out, also where the server knows of none.
	Tenant string
	// Image is the product's own, which the shipped v2 pipelines run.
	Image string
	// DisableCache switches KFP's step caching off in each uploaded pipeline.
	DisableCache bool
	// Seed is the document's.
	Seed uint64
	// Speed is how many times as fast the server's time runs, and with it the times of the entries; 0 means
	// that it runs as ours. Only an embedded server's does not.
	Speed float64
	// Drain bounds how long an entry waits for its runs once nothing more can start.
	Drain time.Duration
	// Stop, when it is closed, has entries start nothing more; Abandon has them wait for nothing, either. Both may be
	// nil.
	Stop, Abandon <-chan struct{}
	// Started is when the run began; the entries' start times count from it.
	Started time.Time
	// KeepRuns is how many runs of an entry are told of one by one; of others that did not succeed a tenth as
	// many are.
	KeepRuns int
	// Ahead tells how far the server's clock is ahead of ours, as far as that is known.
	Ahead func() (offset time.Duration, known bool)
	// Series is what became of the calls of all entries over time.
	Series metrics.SeriesRecorder
}

// now returns the time of a clock that was read once, at Started, and counts on from there: differences
// of times in the result stay true when somebody sets the machine's clock in between.
func (t *Target) now() time.Time {
	return t.Started.Add(time.Since(t.Started))
}
