package metrics

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestALoadIsPlannedSentAndInFlight(t *testing.T) {
	var l Load
	at := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	l.Sent(at(0), at(0))
	l.Sent(at(0.5), at(1.5)) // a second late
	l.Dropped(at(1))
	l.Ended(at(2.5))
	l.Late(at(3))
	l = l.Until(at(4))
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"windowSeconds":1,"planned":[2,1,0,1],"sent":[1,1,0,0],"dropped":[0,1,0,0],"late":[0,0,0,1],` +
		`"inFlightMillis":[1000,1500,1500,1000]}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if peak, when := l.Peak(); peak != 1.5 || when != at(1) {
		t.Errorf("at most %g in flight, at %s", peak, when)
	}
	if planned, sent, during := l.Sending(); planned != 4 || sent != 2 || during != at(4) {
		t.Errorf("%d planned, %d sent in %s", planned, sent, during)
	}
}

func TestLoadsOfPartsAreTheLoadOfTheWhole(t *testing.T) {
	var whole Load
	parts := make([]Load, 3)
	for i := range 900 {
		begin := time.Duration(i) * 3 * time.Second
		for _, l := range []*Load{&whole, &parts[i%3]} {
			l.Sent(begin, begin+time.Second)
		}
		end := begin + 2500*time.Millisecond
		for _, l := range []*Load{&whole, &parts[i%3]} {
			l.Ended(end)
		}
	}
	var merged Load
	for _, part := range parts {
		merged.Merge(again(t, part))
	}
	if !reflect.DeepEqual(merged.w, whole.w) {
		t.Error("the merged load differs from the whole")
	}
}

func TestALoadIsCopiedAtAMoment(t *testing.T) {
	var l Load
	l.Sent(0, 0)
	then := l.Until(time.Second)
	l.Ended(10 * time.Second)
	if peak, _ := then.Peak(); peak != 1 || len(then.w.cells) != 1 {
		t.Errorf("after a second: %+v", then.w)
	}
}
