package sandbox

import (
	"context"
	"sync"
	"time"
)

// throttle lets calls pass as client-go's flowcontrol does: in order, at a rate, with a burst after a rest.
type throttle struct {
	interval time.Duration
	burst    time.Duration
	now      func() time.Time

	mu sync.Mutex
	// free is when the next call could pass if there were no burst.
	free time.Time
}

// newThrottle returns nil, which lets everything pass, when there is no rate.
func newThrottle(t Throttle, now func() time.Time) *throttle {
	if t.QPS <= 0 {
		return nil
	}
	interval := time.Duration(float64(time.Second) / t.QPS)
	return &throttle{interval: interval, burst: interval * time.Duration(max(t.Burst-1, 0)), now: now}
}

// pass waits for the turn of a request. It is a turn even if the caller has gone when it comes.
func (t *throttle) pass(ctx context.Context) *refusal {
	if t == nil {
		return nil
	}
	return wait(ctx, t.turn())
}

func (t *throttle) turn() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if t.free.Before(now) {
		t.free = now
	}
	delay := t.free.Sub(now) - t.burst
	t.free = t.free.Add(t.interval)
	return delay
}
