package metrics

import (
	"math"
	"time"
)

// Sample is a distribution of which every duration is kept, the shortest first: what a Histogram is too
// coarse or too narrow for, such as runs that last for days.
type Sample []time.Duration

// Count returns how many durations there are.
func (s Sample) Count() int64 { return int64(len(s)) }

// Min returns the shortest duration; there has to be one.
func (s Sample) Min() time.Duration { return s[0] }

// Max returns the longest duration; there has to be one.
func (s Sample) Max() time.Duration { return s[len(s)-1] }

// Mean returns the arithmetic mean; there has to be a duration.
func (s Sample) Mean() time.Duration {
	var sum time.Duration
	for _, d := range s {
		sum += d
	}
	return sum / time.Duration(len(s))
}

// Quantile returns, by nearest rank, the duration that a fraction q of all does not exceed. ok is false under
// the rule of Needed.
func (s Sample) Quantile(q float64) (d time.Duration, ok bool) {
	if len(s) < Needed(q) {
		return 0, false
	}
	return s[int(math.Ceil(q*float64(len(s))))-1], true
}
