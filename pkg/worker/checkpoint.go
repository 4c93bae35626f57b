package worker

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const (
	// checkpointEvery is the least time between two checkpoints, and so what a worker that dies may lose.
	checkpointEvery = 5 * time.Second
	// checkpointShare is how many times as long as a checkpoint took comes before the next: of a large result they
	// are rarer, and never take more than a fiftieth of the time.
	checkpointShare = 50
)

// checkpoints are taken now and then, from one goroutine.
type checkpoints struct {
	// take makes one.
	take func()
	next time.Time
}

// lookAt takes a checkpoint when it is time for one.
func (c *checkpoints) lookAt(now time.Time) {
	if c.take == nil || now.Before(c.next) {
		return
	}
	c.take()
	took := time.Since(now)
	c.next = now.Add(took + max(checkpointEvery, checkpointShare*took))
}

// partial makes of a document one that says that the worker died after it.
func partial(d *result.Document) *result.Document {
	d.Partial = true
	d.NotMeasured = append(d.NotMeasured, result.Gap{What: "resources", Why: "the worker ended before it could say"})
	d.Verdict = result.Judge(d)
	return d
}
