package metrics

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// Whole is a distribution of whole numbers, such as seconds of a clock that has no fractions. It is exact and
// merges exactly, and takes room for each number that occurs. The zero value is empty and ready.
type Whole struct {
	counts map[int64]int64
}

// Add adds one number.
func (w *Whole) Add(value int64) { w.add(value, 1) }

func (w *Whole) add(value, n int64) {
	if w.counts == nil {
		w.counts = map[int64]int64{}
	}
	w.counts[value] += n
}

// Merge adds what other holds.
func (w *Whole) Merge(other Whole) {
	for value, n := range other.counts {
		w.add(value, n)
	}
}

// Clone returns an independent copy.
func (w Whole) Clone() Whole { return Whole{maps.Clone(w.counts)} }

// Count returns how many numbers there are.
func (w Whole) Count() int64 {
	var all int64
	for _, n := range w.counts {
		all += n
	}
	return all
}

// Sum returns what the numbers add up to.
func (w Whole) Sum() int64 {
	var sum int64
	for value, n := range w.counts {
		sum += value * n
	}
	return sum
}

// Min returns the least number; 0 when there is none.
func (w Whole) Min() int64 { return w.at(1) }

// Max returns the greatest number; 0 when there is none.
func (w Whole) Max() int64 { return w.at(w.Count()) }

// Mean returns the arithmetic mean; 0 when there is none.
func (w Whole) Mean() float64 { return float64(w.Sum()) / float64(max(w.Count(), 1)) }

// Quantile returns, by nearest rank, the number that a fraction q of all does not exceed. ok is false under
// the rule of Needed.
func (w Whole) Quantile(q float64) (value int64, ok bool) {
	n := w.Count()
	if n < int64(Needed(q)) {
		return 0, false
	}
	return w.at(int64(math.Ceil(q * float64(n)))), true
}

// at returns the number of a rank, from 1.
func (w Whole) at(rank int64) int64 {
	var last int64
	for _, value := range slices.Sorted(maps.Keys(w.counts)) {
		last = value
		if rank -= w.counts[value]; rank <= 0 {
			break
		}
	}
	return last
}

// wholeForm is the JSON form of a Whole.
type wholeForm struct {
	Count int64 `json:"count"`
	// Min, Max and Mean are absent of nothing.
	Min  *int64   `json:"min,omitempty"`
	Max  *int64   `json:"max,omitempty"`
	Mean *float64 `json:"mean,omitempty"`
	// Values are the numbers that occur, in their order, and Counts how often each does.
	Values []int64 `json:"values,omitempty"`
	Counts []int64 `json:"counts,omitempty"`
}

// MarshalJSON writes the summary beside the whole distribution.
func (w Whole) MarshalJSON() ([]byte, error) {
	form := wholeForm{Count: w.Count()}
	if form.Count > 0 {
		least, most, mean := w.Min(), w.Max(), w.Mean()
		form.Min, form.Max, form.Mean = &least, &most, &mean
	}
	for _, value := range slices.Sorted(maps.Keys(w.counts)) {
		form.Values, form.Counts = append(form.Values, value), append(form.Counts, w.counts[value])
	}
	return json.Marshal(form)
}

var errWhole = errors.New("its values, counts and count disagree")

// UnmarshalJSON reads what MarshalJSON wrote and refuses a distribution whose parts disagree.
func (w *Whole) UnmarshalJSON(data []byte) error {
	var form wholeForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding distribution: %w", err)
	}
	*w = Whole{}
	if len(form.Values) != len(form.Counts) {
		return fmt.Errorf("decoding distribution: %w", errWhole)
	}
	for i, value := range form.Values {
		if form.Counts[i] < 1 {
			return fmt.Errorf("decoding distribution: %w", errWhole)
		}
		w.add(value, form.Counts[i])
	}
	if w.Count() != form.Count {
		return fmt.Errorf("decoding distribution: %w", errWhole)
	}
	return nil
}

// Seconds are whole seconds, as durations.
type Seconds struct{ Whole }

// Min returns the shortest duration; 0 when there is none.
func (s Seconds) Min() time.Duration { return seconds(s.Whole.Min()) }

// Max returns the longest duration; 0 when there is none.
func (s Seconds) Max() time.Duration { return seconds(s.Whole.Max()) }

// Mean returns the arithmetic mean; 0 when there is none.
func (s Seconds) Mean() time.Duration { return time.Duration(s.Whole.Mean() * float64(time.Second)) }

// Quantile is Whole's, as a duration.
func (s Seconds) Quantile(q float64) (time.Duration, bool) {
	value, ok := s.Whole.Quantile(q)
	return seconds(value), ok
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
