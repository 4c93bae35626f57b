package metrics

import (
	"encoding/json"
	"testing"
	"time"
)

func TestAClockNarrowsToTheOffset(t *testing.T) {
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, ahead := range []time.Duration{0, 3200 * time.Millisecond, -90 * time.Minute} {
		var c Clock
		for i := range 200 {
			sent := base.Add(time.Duration(i) * 137 * time.Millisecond)
			done := sent.Add(8 * time.Millisecond)
			c.See(sent, done, sent.Add(4*time.Millisecond+ahead).Truncate(time.Second))
		}
		offset, uncertainty := c.Ahead()
		if !c.Known() || offset-uncertainty > ahead || offset+uncertainty < ahead || uncertainty > 10*time.Millisecond || c.Moved() != 0 {
			t.Errorf("%s ahead is found as %s ± %s, moved %s", ahead, offset, uncertainty, c.Moved())
		}
		read := again(t, c)
		if got, _ := read.Ahead(); (got - offset).Abs() > time.Microsecond {
			t.Errorf("%s is read as %s", offset, got)
		}
	}
}

func TestAClockThatIsSetIsNoticed(t *testing.T) {
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var c Clock
	see := func(after, ahead time.Duration) {
		sent := base.Add(after)
		c.See(sent, sent.Add(time.Millisecond), sent.Add(ahead).Truncate(time.Second))
	}
	for i := range 30 {
		see(time.Duration(i)*333*time.Millisecond, 0)
	}
	see(20*time.Second, time.Hour)
	if moved := c.Moved(); moved < time.Hour-2*time.Second || moved > time.Hour+2*time.Second {
		t.Errorf("an hour is noticed as %s", moved)
	}
	if offset, _ := c.Ahead(); offset < time.Hour-time.Second || offset > time.Hour+time.Second {
		t.Errorf("afterwards it is %s", offset)
	}
}

func TestAnswersWithoutADateSayNothing(t *testing.T) {
	var c Clock
	c.See(time.Now(), time.Now(), time.Time{})
	if c.Known() {
		t.Error("it is known all the same")
	}
}

func TestAClockIsWrittenAgainAsItWasRead(t *testing.T) {
	for i := range 1000 {
		c := Clock{low: time.Duration(i * 1234567), high: time.Duration(i*1234567 + 2345678), moved: time.Duration(i), samples: 3}
		first, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		second, err := json.Marshal(again(t, c))
		if err != nil || string(second) != string(first) {
			t.Fatalf("wrote %s, and then %s, %v", first, second, err)
		}
	}
}
