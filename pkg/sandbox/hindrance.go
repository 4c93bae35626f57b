package sandbox

import (
	"cmp"
	"context"
	"net/http"
	"time"
)

// hindrance is what stands before an operation.
type hindrance struct {
	operation string
	wall      func() time.Time
	start     time.Time
	stalls    []Stall
	fault     func(operation string) (status int, ok bool)

	latency   Latency
	latencies *chance
	errors    ErrorRate
	failures  *chance
}

func newHindrance(o Options, operation string, start time.Time) *hindrance {
	return &hindrance{
		operation: operation, wall: o.Now, start: start, stalls: o.Stalls, fault: o.Fault,
		latency: of(o.Latency, operation), latencies: newChance(o.Seed, "latency of "+operation),
		errors: of(o.ErrorRate, operation), failures: newChance(o.Seed, "errors of "+operation),
	}
}

// pass holds a request as long as it must wait, and refuses it when it has to fail.
func (h *hindrance) pass(ctx context.Context) *refusal {
	delay := h.stalled()
	if h.latency.Median > 0 {
		delay += h.latencies.latency(h.latency)
	}
	if refused := wait(ctx, delay); refused != nil {
		return refused
	}
	if status, ok := h.fault(h.operation); ok {
		return &refusal{status, codeOf(status), "a fault that was asked for"}
	}
	if h.errors.Rate > 0 && h.failures.meets(h.errors.Rate) {
		status := cmp.Or(h.errors.Status, http.StatusServiceUnavailable)
		return &refusal{status, codeOf(status), "an error that was asked for"}
	}
	return nil
}

// stalled returns how long the server will answer nobody. Stalls that follow each other are one.
func (h *hindrance) stalled() time.Duration {
	if len(h.stalls) == 0 {
		return 0
	}
	arrived := h.wall().Sub(h.start)
	until := arrived
	for range h.stalls {
		for _, stall := range h.stalls {
			if stall.From <= until && until < stall.To {
				until = stall.To
			}
		}
	}
	return until - arrived
}
