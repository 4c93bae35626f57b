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

// Pacer is a schedule as pure arithmetic: the same pacer says the same every time, on every machine.
type Pacer interface {
	// Offsets yields how long after the start each slot is due, slot 0 first. They never decrease, and they
	// come to an end.
	Offsets() iter.Seq[time.Duration]
	// Rest counts the slots behind slot index, which is due at offset. Where chance decides, it is the number
	// to be expected.
	Rest(index int, offset time.Duration) int
}

// Burst is the schedule of so many slots that are all due at the start.
type Burst int

// Offsets implements Pacer.
func (b Burst) Offsets() iter.Seq[time.Duration] {
	return func(yield func(time.Duration) bool) {
		for range int(b) {
			if !yield(0) {
				return
			}
		}
	}
}

// Rest implements Pacer.
func (b Burst) Rest(index int, _ time.Duration) int { return int(b) - 1 - index }

// Constant is the schedule of evenly spaced arrivals at the rate of a profile: slot i is due when the profile
// has let i slots pass. It is computed from i alone, so nothing adds up over hours.
type Constant Profile

// Offsets implements Pacer.
func (c Constant) Offsets() iter.Seq[time.Duration] {
	return func(yield func(time.Duration) bool) {
		for i := 0; ; i++ {
			if offset, ok := Profile(c).when(float64(i)); !ok || !yield(offset) {
				return
			}
		}
	}
}

// Rest implements Pacer.
func (c Constant) Rest(index int, _ time.Duration) int {
	whole := Profile(c).passed(Profile(c).Length())
	return max(int(math.Ceil(whole-tolerance(whole)))-1-index, 0)
}

// Poisson is the schedule of a Poisson process, the arrivals of many callers that know nothing of each other:
// gaps are exponentially distributed with the profile's rate. It depends on the seed alone: PCG and the
// inversion of the distribution function are the same in every release of Go.
type Poisson struct {
	Rate Profile
	Seed uint64
}

// Offsets implements Pacer.
func (p Poisson) Offsets() iter.Seq[time.Duration] {
	return func(yield func(time.Duration) bool) {
		random := rand.New(rand.NewPCG(p.Seed, 0)) //nolint:gosec // a schedule that can be repeated is wanted
		for passed := 0.0; ; {
			passed -= math.Log1p(-random.Float64())
			if offset, ok := p.Rate.when(passed); !ok || !yield(offset) {
				return
			}
		}
	}
}

// Rest implements Pacer.
func (p Poisson) Rest(_ int, offset time.Duration) int {
	return int(math.Round(p.Rate.passed(p.Rate.Length()) - p.Rate.passed(offset)))
}

// mostCounted is how many slots are counted one by one, which takes milliseconds. A soak has billions.
const mostCounted = 100_000

// Count returns how many slots a schedule has, limit at the most unless that is 0. It is exact where chance
// does not decide, or up to a hundred thousand.
func Count(p Pacer, limit int) int {
	n := 0
	for offset := range p.Offsets() {
		n++
		if n == mostCounted {
			n += p.Rest(n-1, offset)
		}
		if n >= mostCounted || n == limit {
			break
		}
	}
	if limit > 0 {
		return min(n, limit)
	}
	return n
}
