package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestATrendFindsASlopeAndSaysHowSureItIs(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 4))
	var rising, level, whole, other Trend
	for i := range 400 {
		rising.Add(i, 20+0.05*float64(i)+chance.NormFloat64())
		level.Add(i, 20+chance.NormFloat64())
	}
	if slope, half, ok := rising.Per100(); !ok || math.Abs(slope-5) > half || half > 0.2 {
		t.Errorf("5 a hundred is found as %g ± %g", slope, half)
	}
	if slope, half, _ := level.Per100(); math.Abs(slope) > half {
		t.Errorf("nothing is found as %g ± %g", slope, half)
	}
	for i := range 40 {
		part := &whole
		if i%2 == 1 {
			part = &other
		}
		part.Add(i, float64(i*i))
	}
	whole.Merge(again(t, other))
	// By hand: the slope of i² over 0 … 39 is 39; the residuals' deviation follows from Σ(i−a)⁴.
	if slope, half, ok := whole.Per100(); !ok || math.Abs(slope-3900) > 1e-6 || half < 330 || half > 350 {
		t.Errorf("%g ± %g", slope, half)
	}
}

func TestFewPointsHaveNoTrend(t *testing.T) {
	var few, same Trend
	for i := range 19 {
		few.Add(i, float64(i))
	}
	for range 50 {
		same.Add(7, 1)
	}
	for name, trend := range map[string]Trend{"none": {}, "few": few, "one place": same} {
		if slope, _, ok := trend.Per100(); ok {
			t.Errorf("%s: %g", name, slope)
		}
	}
}
