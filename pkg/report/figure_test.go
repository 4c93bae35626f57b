package report

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

func TestDurationReadsAsAPersonWouldSayIt(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:            "0 s",
		0:                       "0 s",
		840 * time.Microsecond:  "840 µs",
		4210 * time.Microsecond: "4.2 ms",
		9949 * time.Microsecond: "9.9 ms",
		9950 * time.Microsecond: "10 ms",
		210 * time.Millisecond:  "210 ms",
		999*time.Millisecond + 600*time.Microsecond:  "1.0 s",
		2140 * time.Millisecond:                      "2.1 s",
		9949 * time.Millisecond:                      "9.9 s",
		9950 * time.Millisecond:                      "10 s",
		41 * time.Second:                             "41 s",
		59*time.Second + 600*time.Millisecond:        "1 min",
		72 * time.Second:                             "1 min 12 s",
		10 * time.Minute:                             "10 min",
		time.Hour:                                    "1 h",
		2*time.Hour + 4*time.Minute + 40*time.Second: "2 h 5 min",
		3599*time.Second + 600*time.Millisecond:      "1 h",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestARangeNamesItsUnitOnce(t *testing.T) {
	for _, test := range []struct{ low, high, want string }{
		{"11 ms", "12 ms", "11 … 12 ms"},
		{"4 ms", "4 ms", "4 ms"},
		{"900 ms", "1.2 s", "900 ms … 1.2 s"},
		{"38 s", "1 min 2 s", "38 s … 1 min 2 s"},
		{"1 min 2 s", "1 min 9 s", "1 min 2 s … 1 min 9 s"},
	} {
		if got := between(test.low, test.high); got != test.want {
			t.Errorf("%q to %q: %q, want %q", test.low, test.high, got, test.want)
		}
	}
}

func TestPercentilesAreOnlyWhatTheSamplesSupport(t *testing.T) {
	for n, want := range map[int]string{
		0: "need 6, 72", 5: "need 6, 72", 6: "3 s, needs 72", 71: "36 s, needs 72", 100: "50 s, 1 min 35 s",
	} {
		var figures metrics.Whole
		for i := range n {
			figures.Add(int64(i + 1))
		}
		if got := percentiles(figures, result.Seconds); got != want {
			t.Errorf("of %d: %q, want %q", n, got, want)
		}
	}
	if got := spread(metrics.Whole{}, result.Seconds); got != "–" {
		t.Errorf("no durations: %q", got)
	}
}
