// Package load fires work on a schedule that does not depend on how long the work takes, or keeps a number
// of clients busy. It refuses to know what the work is, to retry it, to slow down for it, and to measure
// it.
package load

import (
	"iter"
	"math"
	"math/rand/v2"
	"time"
)

// Pacer is a schedule as pure arithmetic: it yields how long after the start each slot is due, slot 0
// first. The same pacer yields the same every time, on every machine; offsets never decrease, and every
// schedule ends.
type Pacer iter.Seq[time.Duration]

// Burst returns the schedule of n slots that are all due at the start.
func Burst(n int) Pacer {
	return func(yield func(time.Duration) bool) {
		for range n {
			if !yield(0) {
				return
			}
		}
	}
}

// Constant returns the schedule of evenly spaced arrivals: slot i is due when the profile has let i slots
// pass. It is computed from i alone, so nothing adds up over hours.
func Constant(rate Profile) Pacer {
	return func(yield func(time.Duration) bool) {
		for i := 0; ; i++ {
			if offset, ok := rate.when(float64(i)); !ok || !yield(offset) {
				return
			}
		}
	}
}

// Poisson returns the schedule of a Poisson process, the arrivals of many callers that know nothing of each
// other: gaps are exponentially distributed with the profile's rate. It depends on the seed alone: PCG and
// the inversion of the distribution function are the same in every release of Go.
func Poisson(rate Profile, seed uint64) Pacer {
	return func(yield func(time.Duration) bool) {
		random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a schedule that can be repeated is wanted
		for passed := 0.0; ; {
			passed -= math.Log1p(-random.Float64())
			if offset, ok := rate.when(passed); !ok || !yield(offset) {
				return
			}
		}
	}
}
