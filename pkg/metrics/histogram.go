package metrics

import (
	"errors"
	"math"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// The range and resolution of every histogram, in microseconds. They are the same everywhere, because
// only histograms of one geometry merge exactly.
const (
	lowest      = int64(1)
	highest     = int64(24 * time.Hour / time.Microsecond)
	significant = 3
)

// mostFew is how many durations a histogram keeps one by one before it counts them.
const mostFew = 256

// Histogram is the distribution of a duration, to 1 µs or three significant figures, whichever is
// coarser, between 1 µs and 24 h. A duration beyond that range counts as its nearer end, and Clamped
// tells how many did. The zero value is empty and ready. A Histogram is not safe for concurrent use; a
// copy of a used one shares its counts, so take an independent one with Clone.
type Histogram struct {
	// few holds the durations until there are many: most operations of most entries are called a few times, and
	// counts take a quarter of a megabyte.
	few     []int64
	counts  *hdr.Histogram
	min     int64
	max     int64
	sum     int64
	clamped int64
}

// Record adds one duration.
func (h *Histogram) Record(d time.Duration) {
	micros := int64(d / time.Microsecond)
	inRange := min(max(micros, lowest), highest)
	if inRange != micros {
		h.clamped++
	}
	h.record(inRange)
}

// record adds a duration that is in range.
func (h *Histogram) record(micros int64) {
	if h.counts == nil && len(h.few) < mostFew {
		h.few = append(h.few, micros)
	} else if err := h.grow().RecordValue(micros); err != nil {
		return // cannot be: the value is in range, and no run makes 2^63 of them
	}
	if h.Count() == 1 || micros < h.min {
		h.min = micros
	}
	h.max = max(h.max, micros)
	h.sum += micros
}

// grow returns the counts, which the histogram keeps from now on.
func (h *Histogram) grow() *hdr.Histogram {
	h.counts, h.few = h.dense(), nil
	return h.counts
}

// dense returns the counts, of which those of a few durations are made on the spot.
func (h Histogram) dense() *hdr.Histogram {
	if h.counts != nil {
		return h.counts
	}
	counts := hdr.New(lowest, highest, significant)
	for _, micros := range h.few {
		_ = counts.RecordValue(micros) // it is in range
	}
	return counts
}

// Merge adds what other holds, exactly: the result is what recording both would have given.
func (h *Histogram) Merge(other Histogram) {
	if other.Count() == 0 {
		return
	}
	h.clamped += other.clamped
	if other.counts == nil {
		for _, micros := range other.few {
			h.record(micros)
		}
		return
	}
	if h.Count() == 0 || other.min < h.min {
		h.min = other.min
	}
	h.grow().Merge(other.counts)
	h.max = max(h.max, other.max)
	h.sum += other.sum
}

// Clone returns an independent copy.
func (h Histogram) Clone() Histogram {
	var clone Histogram
	clone.Merge(h)
	return clone
}

// Count returns how many durations were recorded.
func (h Histogram) Count() int64 {
	if h.counts == nil {
		return int64(len(h.few))
	}
	return h.counts.TotalCount()
}

// Clamped returns how many durations were beyond the range and count as its nearer end.
func (h Histogram) Clamped() int64 { return h.clamped }

// Min returns the shortest duration, to the microsecond; 0 when there is none.
func (h Histogram) Min() time.Duration { return micros(h.min) }

// Max returns the longest duration, to the microsecond; 0 when there is none.
func (h Histogram) Max() time.Duration { return micros(h.max) }

// Mean returns the arithmetic mean, to the microsecond; 0 when there is none.
func (h Histogram) Mean() time.Duration {
	if h.Count() == 0 {
		return 0
	}
	return micros(h.sum / h.Count())
}

// Quantile returns the duration that a fraction q of all durations do not exceed, such as 0.95. ok is
// false where fewer than Needed(q) durations were recorded: such a number would be a guess.
func (h Histogram) Quantile(q float64) (d time.Duration, ok bool) {
	if h.Count() < int64(Needed(q)) {
		return 0, false
	}
	// The bucket's upper end may lie beyond what was seen.
	return micros(min(max(h.dense().ValueAtQuantile(q*100), h.min), h.max)), true
}

// Needed returns the least number of durations that supports quantile q: 6 for the median, 72 for 0.95,
// 368 for 0.99. It is the least n for which the distribution-free 95 % confidence interval of the
// quantile has both its ends inside the sample, that is 1 − p^n ≥ 0.975 for p the larger of q and 1 − q
// (Conover, Practical Nonparametric Statistics, on confidence intervals from order statistics). No
// number supports a q of 0 or 1, nor one beyond them.
func Needed(q float64) int {
	if q <= 0 || q >= 1 || math.IsNaN(q) {
		return math.MaxInt
	}
	return int(math.Ceil(math.Log(0.025) / math.Log(max(q, 1-q))))
}

// errGeometry is the answer to a histogram that was not made by this package.
var errGeometry = errors.New("histogram has another range or resolution than 1 µs … 24 h at 3 figures")

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }
