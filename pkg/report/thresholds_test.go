package report

import "testing"

func TestAPercentageTellsAlmostFromAll(t *testing.T) {
	for fraction, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.5: "50 %", 0.9994: "99.9 %", 0.99996: "99.996 %", 0.004: "0.4 %", 0.0000001: "0.00001 %", 0.123: "12 %",
	} {
		if got := percent(fraction); got != want {
			t.Errorf("%v: %q, want %q", fraction, got, want)
		}
	}
}
