package worker

import (
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
)

// serverClock estimates from the dates of all answers how far the server's clock is ahead of ours. Ours is
// read once and counts on from there, as all times of a result do: that somebody sets the machine's clock
// meanwhile does not show in it.
type serverClock struct {
	began time.Time

	mu       sync.Mutex
	estimate metrics.Clock
}

func newServerClock() *serverClock { return &serverClock{began: time.Now()} }

// see takes a call that is over.
func (c *serverClock) see(call kfp.Call) {
	if call.Date.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.estimate.See(c.steady(call.Sent), c.steady(call.Done), call.Date)
}

// steady returns a moment as our clock shows it: both times bear the reading of a clock that nobody sets, and
// that is what their difference is taken of.
func (c *serverClock) steady(moment time.Time) time.Time { return c.began.Add(moment.Sub(c.began)) }

// offset returns how far the server's clock is ahead of ours, as far as that is known by now.
func (c *serverClock) offset() (ahead time.Duration, known bool) {
	if estimate := c.ahead(); estimate != nil {
		ahead, _ = estimate.Ahead()
		return ahead, true
	}
	return 0, false
}

// ahead returns the estimate, nil when no answer had a date.
func (c *serverClock) ahead() *metrics.Clock {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.estimate.Known() {
		return nil
	}
	estimate := c.estimate
	return &estimate
}
