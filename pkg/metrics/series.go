package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"
)

// perDecade is how many buckets of a window's latencies lie between a time and ten times as much: a bucket's
// bounds are 26 % apart.
const perDecade = 10

// buckets cover 1 µs to 24 h.
const buckets = 110

// Series is what became of an operation's calls over time: in each window those that were sent then. The zero
// value is empty and ready; it is not safe for concurrent use.
type Series struct {
	w windows[span, *span]
}

// span is what a window holds of calls. Latencies are response times, of calls that were answered.
type span struct {
	calls, errors, sum, max int64
	latencies               [buckets]uint32
}

func (s *span) add(other span) {
	s.calls += other.calls
	s.errors += other.errors
	s.sum += other.sum
	s.max = max(s.max, other.max)
	for i, n := range other.latencies {
		s.latencies[i] += n
	}
}

// record adds a call.
func (s *Series) record(start time.Time, c Call) {
	w := s.w.at(c.Sent.Sub(start))
	w.calls++
	if c.Class != "" {
		w.errors++
	}
	if c.Answered {
		micros := min(max(c.Done.Sub(c.Planned).Microseconds(), lowest), highest)
		w.sum += micros
		w.max = max(w.max, micros)
		w.latencies[min(int(perDecade*math.Log10(float64(micros))), buckets-1)]++
	}
}

// Merge adds what other holds, exactly.
func (s *Series) Merge(other Series) { s.w.merge(other.w) }

// Clone returns an independent copy.
func (s Series) Clone() Series { return Series{s.w.clone()} }

// Windows returns how many windows there are, and how long each is.
func (s Series) Windows() (n int, width time.Duration) { return len(s.w.cells), s.w.width }

// seriesForm is the JSON form of a Series, one figure a window.
type seriesForm struct {
	Width  int64   `json:"windowSeconds,omitempty"`
	Calls  []int64 `json:"calls"`
	Errors []int64 `json:"errors"`
	// Sum and Max are of the response times of answered calls.
	Sum []int64 `json:"responseSumMicros"`
	Max []int64 `json:"responseMaxMicros"`
	// Buckets are three numbers for each bucket that is not empty: its window, from 0, its place, and its count.
	// Bucket i begins at 10^(i/10) µs.
	Buckets []int64 `json:"responseBuckets"`
}

// MarshalJSON writes the series as columns.
func (s Series) MarshalJSON() ([]byte, error) {
	form := seriesForm{
		Width: int64(s.w.width / time.Second),
		Calls: column(s.w, func(c span) int64 { return c.calls }), Errors: column(s.w, func(c span) int64 { return c.errors }),
		Sum: column(s.w, func(c span) int64 { return c.sum }), Max: column(s.w, func(c span) int64 { return c.max }),
		Buckets: []int64{},
	}
	for i := range s.w.cells {
		for bucket, n := range s.w.cells[i].latencies {
			if n > 0 {
				form.Buckets = append(form.Buckets, int64(i), int64(bucket), int64(n))
			}
		}
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Series) UnmarshalJSON(data []byte) error {
	var form seriesForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding series: %w", err)
	}
	w, err := restore(form.Width, func(c *span, f []int64) {
		c.calls, c.errors, c.sum, c.max = f[0], f[1], f[2], f[3]
	}, form.Calls, form.Errors, form.Sum, form.Max)
	if err != nil || len(form.Buckets)%3 != 0 {
		return fmt.Errorf("decoding series: %w", errSeries)
	}
	for triple := range slices.Chunk(form.Buckets, 3) {
		i, bucket, n := triple[0], triple[1], triple[2]
		if i < 0 || i >= int64(len(w.cells)) || bucket < 0 || bucket >= buckets || n < 0 || n > math.MaxUint32 {
			return fmt.Errorf("decoding series: %w", errSeries)
		}
		w.cells[i].latencies[bucket] = uint32(n)
	}
	s.w = w
	return nil
}

// SeriesRecorder gathers the series of all operations. It is safe for concurrent use.
type SeriesRecorder struct {
	// Start is when the first window begins.
	Start time.Time

	mu     sync.Mutex
	series map[string]*Series
}

// Record adds one call.
func (r *SeriesRecorder) Record(c Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.series[c.Operation]
	if s == nil {
		if r.series == nil {
			r.series = map[string]*Series{}
		}
		s = &Series{}
		r.series[c.Operation] = s
	}
	s.record(r.Start, c)
}

// Of returns a copy of an operation's series; nil when it has none.
func (r *SeriesRecorder) Of(operation string) *Series {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.series[operation]
	if s == nil {
		return nil
	}
	clone := s.Clone()
	return &clone
}
