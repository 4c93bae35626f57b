package metrics

import (
	"encoding/json"
	"fmt"
	"time"
)

// Gauge is a level that was looked at now and then, such as memory in use, as a series over time. The zero
// value is empty and ready; it is not safe for concurrent use.
type Gauge struct {
	w windows[level, *level]
}

// level is what a window holds of a gauge.
type level struct{ samples, sum, max int64 }

func (l *level) add(other level) {
	l.max = max(l.max, other.max)
	l.samples += other.samples
	l.sum += other.sum
}

// Set notes the level at a time since the start. Levels are never negative.
func (g *Gauge) Set(since time.Duration, value int64) {
	g.w.at(since).add(level{samples: 1, sum: value, max: value})
}

// Count returns how often the level was looked at.
func (g Gauge) Count() int64 { return g.whole().samples }

// IsZero reports whether the level was never looked at. A field of a document that is a gauge is left out then
// with "omitzero": a level of 0 is something else.
func (g Gauge) IsZero() bool { return g.Count() == 0 }

// Mean returns the arithmetic mean of all looks; 0 when there is none.
func (g Gauge) Mean() int64 {
	all := g.whole()
	return all.sum / max(all.samples, 1)
}

// Max returns the highest level that was seen; 0 when there is none.
func (g Gauge) Max() int64 { return g.whole().max }

func (g Gauge) whole() (all level) {
	for _, l := range g.w.cells {
		all.add(l)
	}
	return all
}

// gaugeForm is the JSON form of a Gauge. The mean of a window is its sum by its samples.
type gaugeForm struct {
	Mean  int64 `json:"mean"`
	Max   int64 `json:"max"`
	Width int64 `json:"windowSeconds,omitempty"`
	// Samples, Sum and Maximum have one figure a window.
	Samples []int64 `json:"windowSamples,omitempty"`
	Sum     []int64 `json:"windowSum,omitempty"`
	Maximum []int64 `json:"windowMax,omitempty"`
}

// MarshalJSON writes the whole beside its windows.
func (g Gauge) MarshalJSON() ([]byte, error) {
	return json.Marshal(gaugeForm{
		Mean: g.Mean(), Max: g.Max(), Width: int64(g.w.width / time.Second),
		Samples: column(g.w, func(l level) int64 { return l.samples }),
		Sum:     column(g.w, func(l level) int64 { return l.sum }),
		Maximum: column(g.w, func(l level) int64 { return l.max }),
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (g *Gauge) UnmarshalJSON(data []byte) error {
	var form gaugeForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding gauge: %w", err)
	}
	w, err := restore(form.Width, func(l *level, f []int64) { *l = level{f[0], f[1], f[2]} }, form.Samples, form.Sum, form.Maximum)
	if err != nil {
		return fmt.Errorf("decoding gauge: %w", err)
	}
	g.w = w
	return nil
}
