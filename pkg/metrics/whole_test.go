package metrics

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"
)

func wholeOf(values ...int64) Whole {
	var w Whole
	for _, value := range values {
		w.Add(value)
	}
	return w
}

func TestAWholeIsExact(t *testing.T) {
	w := wholeOf(5, 3, 9, 3, 3, -1)
	if w.Count() != 6 || w.Sum() != 22 || w.Min() != -1 || w.Max() != 9 || math.Abs(w.Mean()-22.0/6) > 1e-9 {
		t.Errorf("%d values, %d in all, %d … %d, mean %g", w.Count(), w.Sum(), w.Min(), w.Max(), w.Mean())
	}
	if median, ok := w.Quantile(0.5); median != 3 || !ok {
		t.Errorf("median %d, %t", median, ok)
	}
	if _, ok := w.Quantile(0.95); ok {
		t.Error("six values support a p95")
	}
	var empty Whole
	if _, ok := empty.Quantile(0.5); ok || empty.Min() != 0 || empty.Max() != 0 || empty.Mean() != 0 {
		t.Error("nothing has figures")
	}
}

func TestQuantilesOfAWholeAreByNearestRank(t *testing.T) {
	var w Whole
	for i := range 400 {
		w.Add(int64(400 - i))
	}
	for q, want := range map[float64]int64{0.5: 200, 0.95: 380, 0.99: 396} {
		if got, ok := w.Quantile(q); got != want || !ok {
			t.Errorf("p%g: %d, %t; want %d", 100*q, got, ok, want)
		}
		if got, _ := (Seconds{w}).Quantile(q); got != time.Duration(want)*time.Second {
			t.Errorf("p%g in seconds: %s", 100*q, got)
		}
	}
	if s := (Seconds{w}); s.Min() != time.Second || s.Max() != 400*time.Second || s.Mean() != 200500*time.Millisecond {
		t.Errorf("%s … %s, mean %s", s.Min(), s.Max(), s.Mean())
	}
}

func TestAWholeIsMergedAndWritten(t *testing.T) {
	w, other := wholeOf(1, 2), wholeOf(2, 3)
	clone := w.Clone()
	w.Merge(other)
	if !reflect.DeepEqual(w, wholeOf(1, 2, 2, 3)) || clone.Count() != 2 {
		t.Errorf("%+v, and the copy %+v", w, clone)
	}
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"count":4,"min":1,"max":3,"mean":2,"values":[1,2,3],"counts":[1,2,1]}`; string(text) != want {
		t.Errorf("got %s", text)
	}
	if read := again(t, w); !reflect.DeepEqual(read, w) {
		t.Errorf("read as %+v", read)
	}
	for _, text := range []string{`[]`, `{"count":1}`, `{"count":1,"values":[1],"counts":[]}`, `{"count":0,"values":[1],"counts":[0]}`} {
		if err := json.Unmarshal([]byte(text), &w); err == nil {
			t.Errorf("read %s", text)
		}
	}
}
