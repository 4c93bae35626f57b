package metrics

import (
	"encoding/json"
	"fmt"
	"math"
)

// Trend is whether a figure grows with the order in which it was asked for: a line through all points by least
// squares, with the 95 % confidence interval of its slope, which takes the points for independent of each
// other. It keeps sums only, so that it takes no room and merges. The zero value is empty and ready.
type Trend struct {
	n, x, y, xx, xy, yy float64
}

// trendNeeded is the least number of points that a slope is told of.
const trendNeeded = 20

// Add adds a point: the place in the order, and the figure.
func (t *Trend) Add(place int, figure float64) {
	x := float64(place)
	t.n++
	t.x, t.y = t.x+x, t.y+figure
	t.xx, t.xy, t.yy = t.xx+x*x, t.xy+x*figure, t.yy+figure*figure
}

// Merge adds what other holds.
func (t *Trend) Merge(other Trend) {
	t.n, t.x, t.y = t.n+other.n, t.x+other.x, t.y+other.y
	t.xx, t.xy, t.yy = t.xx+other.xx, t.xy+other.xy, t.yy+other.yy
}

// Per100 returns by how much the figure grows from one place to the hundredth behind it, and the half of the
// 95 % confidence interval of that. ok is false for fewer than 20 points, and where all have one place.
func (t Trend) Per100() (slope, half float64, ok bool) {
	xx := t.xx - t.x*t.x/max(t.n, 1)
	if t.n < trendNeeded || xx <= 0 {
		return 0, 0, false
	}
	xy, yy := t.xy-t.x*t.y/t.n, t.yy-t.y*t.y/t.n
	slope = xy / xx
	degrees := t.n - 2
	rest := max(yy-slope*xy, 0) / degrees
	return 100 * slope, 100 * student(degrees) * math.Sqrt(rest/xx), true
}

// student approximates the 0.975 quantile of Student's t (Abramowitz and Stegun, 26.7.5); from 18 degrees of
// freedom on it is right to three decimals.
func student(degrees float64) float64 {
	const z = 1.959964
	return z + (z*z*z+z)/(4*degrees) + (5*math.Pow(z, 5)+16*z*z*z+3*z)/(96*degrees*degrees)
}

// trendForm is the JSON form of a Trend: what it says, and the sums that it merges by.
type trendForm struct {
	// Slope and Half are null where there are too few points.
	Slope *float64 `json:"per100"`
	Half  *float64 `json:"per100HalfInterval"`
	N     float64  `json:"n"`
	X     float64  `json:"sumX"`
	Y     float64  `json:"sumY"`
	XX    float64  `json:"sumXX"`
	XY    float64  `json:"sumXY"`
	YY    float64  `json:"sumYY"`
}

// MarshalJSON writes slope and sums.
func (t Trend) MarshalJSON() ([]byte, error) {
	form := trendForm{N: t.n, X: t.x, Y: t.y, XX: t.xx, XY: t.xy, YY: t.yy}
	if slope, half, ok := t.Per100(); ok {
		form.Slope, form.Half = &slope, &half
	}
	return json.Marshal(form)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Trend) UnmarshalJSON(data []byte) error {
	var form trendForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding trend: %w", err)
	}
	*t = Trend{n: form.N, x: form.X, y: form.Y, xx: form.XX, xy: form.XY, yy: form.YY}
	return nil
}
