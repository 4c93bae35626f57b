package metrics

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestNeeded(t *testing.T) {
	for _, test := range []struct {
		q    float64
		want int
	}{
		{0.5, 6}, {0.95, 72}, {0.99, 368}, {0.05, 72}, {0, math.MaxInt}, {1, math.MaxInt}, {-1, math.MaxInt},
		{math.NaN(), math.MaxInt},
	} {
		if got := Needed(test.q); got != test.want {
			t.Errorf("Needed(%v) = %d, want %d", test.q, got, test.want)
		}
	}
}

func TestQuantileNeedsASample(t *testing.T) {
	var h Histogram
	for n := 1; n <= 100; n++ {
		h.Record(time.Duration(n) * time.Millisecond)
		_, median := h.Quantile(0.5)
		_, p95 := h.Quantile(0.95)
		if median != (n >= 6) || p95 != (n >= 72) {
			t.Errorf("after %d values: p50 %v, p95 %v", n, median, p95)
		}
	}
	if got, _ := h.Quantile(0.5); !near(got, 50*time.Millisecond) {
		t.Errorf("p50 of 1 … 100 ms is %v", got)
	}
	if got, _ := h.Quantile(0.95); !near(got, 95*time.Millisecond) {
		t.Errorf("p95 of 1 … 100 ms is %v", got)
	}
	if _, ok := h.Quantile(0.99); ok {
		t.Error("100 values gave a p99")
	}
}

func TestQuantileStaysWithinWhatWasSeen(t *testing.T) {
	var h Histogram
	for range 10 {
		h.Record(999_999 * time.Microsecond)
	}
	if got, ok := h.Quantile(0.5); !ok || got != 999_999*time.Microsecond {
		t.Errorf("p50 is %v, %v", got, ok)
	}
}

func TestSummaryIsExact(t *testing.T) {
	var h Histogram
	if h.Count() != 0 || h.Min() != 0 || h.Max() != 0 || h.Mean() != 0 {
		t.Error("the zero value is not empty")
	}
	for _, d := range []time.Duration{1234567 * time.Microsecond, 3 * time.Microsecond, 7 * time.Second} {
		h.Record(d)
	}
	if h.Min() != 3*time.Microsecond || h.Max() != 7*time.Second || h.Mean() != 2744856*time.Microsecond {
		t.Errorf("min %v, max %v, mean %v", h.Min(), h.Max(), h.Mean())
	}
}

func TestBeyondTheRangeIsClampedAndCounted(t *testing.T) {
	var h Histogram
	for _, d := range []time.Duration{-time.Second, 0, 999 * time.Nanosecond, time.Microsecond, 24 * time.Hour, 24*time.Hour + 1, math.MaxInt64} {
		h.Record(d)
	}
	if h.Count() != 7 || h.Clamped() != 4 || h.Min() != time.Microsecond || h.Max() != 24*time.Hour {
		t.Errorf("count %d, clamped %d, min %v, max %v", h.Count(), h.Clamped(), h.Min(), h.Max())
	}
}

func TestEncodingRoundTrips(t *testing.T) {
	for name, h := range map[string]Histogram{
		"empty": {}, "one": sample(1, 1), "many": sample(10_000, 2), "ends": ends(),
	} {
		first, err := json.Marshal(h)
		if err != nil {
			t.Fatal(name, err)
		}
		var decoded Histogram
		if err := json.Unmarshal(first, &decoded); err != nil {
			t.Fatal(name, err)
		}
		second, err := json.Marshal(decoded)
		if err != nil {
			t.Fatal(name, err)
		}
		if string(first) != string(second) || !equal(h, decoded) {
			t.Errorf("%s: wrote %s, read back %s", name, first, second)
		}
	}
}

func TestMergeIsExact(t *testing.T) {
	var whole Histogram
	whole.Merge(Histogram{})
	whole.Merge(sample(1000, 3))
	whole.Merge(sample(500, 4))
	whole.Merge(ends())

	var recorded Histogram
	for _, part := range [][]time.Duration{values(1000, 3), values(500, 4), endValues()} {
		for _, d := range part {
			recorded.Record(d)
		}
	}
	if !equal(whole, recorded) {
		t.Error("merging three histograms differs from recording all their values in one")
	}
}

func TestACloneIsIndependent(t *testing.T) {
	original := sample(10, 5)
	clone := original.Clone()
	clone.Record(time.Second)
	if original.Count() != 10 || clone.Count() != 11 {
		t.Errorf("the original has %d values, the clone %d", original.Count(), clone.Count())
	}
}

func TestDecodingRefuses(t *testing.T) {
	good, err := json.Marshal(sample(3, 6))
	if err != nil {
		t.Fatal(err)
	}
	const foreign = `{"count":1,"minMicros":1,"maxMicros":1,"hdr":"HISTFAAAACF42pJpmSzMwMDAxAABMJoRQjG/sP8AkwEEAAD//0lWA2g="}`
	for _, test := range []struct{ text, want string }{
		{`[]`, "cannot unmarshal"},
		{`{"count":1,"hdr":"!"}`, "base64"},
		{`{"count":1}`, "too short"},
		{foreign, "another range or resolution"},
		{strings.Replace(string(good), `"count":3`, `"count":4`, 1), "says 4 values and holds 3"},
		{strings.Replace(string(good), `"minMicros":`, `"minMicros":9`, 1), "µs and holds"},
	} {
		var h Histogram
		err := json.Unmarshal([]byte(test.text), &h)
		if err == nil || !strings.Contains(err.Error(), test.want) || h.Count() != 0 {
			t.Errorf("%s: error %v, want %q; %d values", test.text, err, test.want, h.Count())
		}
	}
}

func near(got, want time.Duration) bool {
	return got >= want && got <= want+want/1000
}

func equal(a, b Histogram) bool {
	if a.counts == nil || b.counts == nil {
		return a.Count() == b.Count()
	}
	same := a.counts.Equals(b.counts)
	a.counts, b.counts = nil, nil
	return same && reflect.DeepEqual(a, b)
}

func sample(n int, seed uint64) Histogram {
	var h Histogram
	for _, d := range values(n, seed) {
		h.Record(d)
	}
	return h
}

func ends() Histogram {
	var h Histogram
	for _, d := range endValues() {
		h.Record(d)
	}
	return h
}

func endValues() []time.Duration {
	return []time.Duration{0, time.Microsecond, time.Hour, 2 * time.Hour}
}

// values are n log-uniform durations between 1 µs and 1000 s.
func values(n int, seed uint64) []time.Duration {
	random := rand.New(rand.NewPCG(seed, seed))
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = time.Duration(math.Pow(10, 3+9*random.Float64()))
	}
	return all
}
