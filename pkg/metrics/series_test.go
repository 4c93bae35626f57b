package metrics

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// calls are as many calls over a time, the same each time.
func calls(n int, over time.Duration) []Call {
	chance := rand.New(rand.NewPCG(1, 2))
	var all []Call
	for range n {
		sent := time.Time{}.Add(time.Duration(chance.Int64N(int64(over))))
		c := Call{Operation: "GetRun", Planned: sent, Sent: sent, Done: sent.Add(time.Duration(chance.IntN(int(time.Second)))), Answered: true}
		if chance.IntN(10) == 0 {
			c.Class = "http 500"
		}
		all = append(all, c)
	}
	return all
}

func seriesOf(calls []Call) Series {
	var s Series
	for _, c := range calls {
		s.record(time.Time{}, c)
	}
	return s
}

// again returns what becomes of a value when it is written and read.
func again[T any](t *testing.T, value T) T {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var read T
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return read
}

func TestASeriesCountsCallsWhereTheyWereSent(t *testing.T) {
	s := seriesOf([]Call{
		{Sent: time.Time{}.Add(-time.Second), Class: "timeout"},
		{Sent: time.Time{}.Add(2500 * time.Millisecond), Planned: time.Time{}.Add(time.Second), Done: time.Time{}.Add(3 * time.Second), Answered: true},
	})
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"windowSeconds":1,"calls":[1,0,1],"errors":[1,0,0],"responseSumMicros":[0,0,2000000],` +
		`"responseMaxMicros":[0,0,2000000],"responseBuckets":[2,63,1]}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func TestASeriesOfAnyLengthIsBoundedAndLosesNothing(t *testing.T) {
	for over, width := range map[time.Duration]time.Duration{
		10 * time.Minute: time.Second, 11 * time.Minute: 2 * time.Second, 24 * time.Hour: 256 * time.Second,
	} {
		s := seriesOf(calls(5000, over))
		n, got := s.Windows()
		if n > mostWindows || got != width {
			t.Errorf("over %s: %d windows of %s, want %s", over, n, got, width)
		}
		var all int64
		for _, calls := range column(s.w, func(c span) int64 { return c.calls }) {
			all += calls
		}
		if all != 5000 {
			t.Errorf("over %s: %d calls of 5000", over, all)
		}
		if read := again(t, s); !reflect.DeepEqual(read, s) {
			t.Errorf("over %s: it is read as something else", over)
		}
	}
}

func TestSeriesOfPartsAreTheSeriesOfTheWhole(t *testing.T) {
	long, short := calls(3000, 3*time.Hour), calls(1000, 5*time.Minute)
	whole := seriesOf(append(append([]Call(nil), long...), short...))
	for _, parts := range [][2][]Call{{long, short}, {short, long}} {
		merged, other := seriesOf(parts[0]), seriesOf(parts[1])
		before := other.Clone()
		merged.Merge(other)
		if !reflect.DeepEqual(merged, whole) {
			t.Error("the merged series differs from that of all calls")
		}
		if !reflect.DeepEqual(other, before) {
			t.Error("the other series was changed")
		}
	}
	var empty Series
	empty.Merge(Series{})
	if n, _ := empty.Windows(); n != 0 {
		t.Errorf("nothing and nothing is %d windows", n)
	}
}

func TestSeriesThatCannotBeAreRefused(t *testing.T) {
	for _, text := range []string{
		`7`, `{"windowSeconds":3,"calls":[1],"errors":[0],"responseSumMicros":[1],"responseMaxMicros":[1],"responseBuckets":[]}`,
		`{"windowSeconds":0,"calls":[1],"errors":[0],"responseSumMicros":[1],"responseMaxMicros":[1],"responseBuckets":[]}`,
		`{"windowSeconds":1,"calls":[1],"errors":[],"responseSumMicros":[1],"responseMaxMicros":[1],"responseBuckets":[]}`,
		`{"windowSeconds":1,"calls":[1],"errors":[0],"responseSumMicros":[1],"responseMaxMicros":[1],"responseBuckets":[0,1]}`,
		`{"windowSeconds":1,"calls":[1],"errors":[0],"responseSumMicros":[1],"responseMaxMicros":[1],"responseBuckets":[0,110,1]}`,
		`{"windowSeconds":1,"calls":[1],"errors":[0],"responseSumMicros":[1],"responseMaxMicros":[1],"responseBuckets":[1,0,1]}`,
	} {
		var s Series
		if err := json.Unmarshal([]byte(text), &s); err == nil {
			t.Errorf("read %s", text)
		}
	}
}

func TestSeriesAreRecordedByOperation(t *testing.T) {
	r := SeriesRecorder{}
	for _, c := range calls(100, time.Minute) {
		r.Record(c)
	}
	s := r.Of("GetRun")
	if s == nil || !reflect.DeepEqual(*s, seriesOf(calls(100, time.Minute))) {
		t.Errorf("%+v", s)
	}
	if r.Of("ListRuns") != nil {
		t.Error("an operation that was not called has a series")
	}
}
