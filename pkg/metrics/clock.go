package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// Clock is an estimate of how far another clock is ahead of ours, from dates in its answers, which it cuts to
// whole seconds. An answer that was asked for at s, came at d and bears the date D was written between the
// two, while the other clock showed between D and D + 1 s: it is ahead by at least D − d and by less than
// D + 1 s − s. Every further answer narrows that range (Marzullo's intersection). The zero value knows
// nothing.
type Clock struct {
	low, high time.Duration
	samples   int64
	// moved is the most by which an answer contradicted those before it.
	moved time.Duration
}

// See takes one answer. A date that contradicts those before it begins the estimate anew: one of the clocks
// was set.
func (c *Clock) See(sent, done, date time.Time) {
	if date.IsZero() {
		return
	}
	low, high := date.Sub(done), date.Add(time.Second).Sub(sent)
	c.samples++
	if c.samples == 1 || low > c.high || high < c.low {
		if c.samples > 1 {
			c.moved = max(c.moved, low-c.high, c.low-high)
		}
		c.low, c.high = low, high
		return
	}
	c.low, c.high = max(c.low, low), min(c.high, high)
}

// Known reports whether there is an estimate.
func (c Clock) Known() bool { return c.samples > 0 }

// Ahead returns how far the other clock is ahead of ours, and by how much that may be wrong either way.
func (c Clock) Ahead() (offset, uncertainty time.Duration) {
	return (c.low + c.high) / 2, (c.high - c.low) / 2
}

// Moved returns the most by which the clocks moved against each other during the run; 0 while nothing
// contradicts that they ran alike.
func (c Clock) Moved() time.Duration { return c.moved }

// clockForm is the JSON form of a Clock.
type clockForm struct {
	Offset      float64 `json:"offsetSeconds"`
	Uncertainty float64 `json:"uncertaintySeconds"`
	Moved       float64 `json:"movedSeconds,omitempty"`
	Samples     int64   `json:"samples"`
}

// MarshalJSON writes the estimate in seconds.
func (c Clock) MarshalJSON() ([]byte, error) {
	offset, uncertainty := c.Ahead()
	return json.Marshal(clockForm{
		Offset: offset.Seconds(), Uncertainty: uncertainty.Seconds(), Moved: c.moved.Seconds(), Samples: c.samples,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Clock) UnmarshalJSON(data []byte) error {
	var form clockForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding clock: %w", err)
	}
	// Rounded, since a fraction of seconds is seldom exact: what is written again has to be the same text.
	seconds := func(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }
	*c = Clock{
		low: seconds(form.Offset - form.Uncertainty), high: seconds(form.Offset + form.Uncertainty),
		moved: seconds(form.Moved), samples: form.Samples,
	}
	return nil
}
