package load

import (
	"context"
	"iter"
	"testing"
	"testing/synctest"
	"time"
)

// counted is a pacer that counts how many slots it was asked for.
type counted struct {
	Pacer
	asked *int
}

func (c counted) Offsets() iter.Seq[time.Duration] {
	return func(yield func(time.Duration) bool) {
		for offset := range c.Pacer.Offsets() {
			if *c.asked++; !yield(offset) {
				return
			}
		}
	}
}

func TestCount(t *testing.T) {
	day := Profile{{12 * time.Hour, 0, 1000}, {12 * time.Hour, 1000, 1000}}
	for _, test := range []struct {
		name  string
		pacer Pacer
		limit int
		// want is how many there are, within a share.
		want   int
		within float64
	}{
		{"nothing", Burst(0), 0, 0, 0},
		{"a burst", Burst(7), 0, 7, 0},
		{"a large burst", Burst(3_000_000), 0, 3_000_000, 0},
		{"a limited burst", Burst(7), 3, 3, 0},
		{"a minute", Constant(Steady(5, time.Minute)), 0, 300, 0},
		{"a limit that is not reached", Constant(Steady(5, time.Minute)), 1000, 300, 0},
		{"a day", Constant(day), 0, 64_800_000, 0},
		{"a part of a day", Constant(Steady(23.0/60, 240*time.Hour)), 0, 331_200, 0},
		{"a limit in a day", Constant(day), 2_000_000, 2_000_000, 0},
		{"a random minute", Poisson{Steady(5, time.Minute), 1}, 0, len(offsets(Poisson{Steady(5, time.Minute), 1})), 0},
		{"a random day", Poisson{day, 1}, 0, 64_800_000, 0.001},
		{"a limit in a random day", Poisson{day, 1}, 2_000_000, 2_000_000, 0},
	} {
		asked := 0
		got := Count(counted{test.pacer, &asked}, test.limit)
		if off := float64(got-test.want) / float64(max(test.want, 1)); off > test.within || -off > test.within {
			t.Errorf("%s: %d slots, want %d", test.name, got, test.want)
		}
		if asked > mostCounted {
			t.Errorf("%s: %d slots were counted one by one", test.name, asked)
		}
	}
}

func TestTheRestOfASoakIsNotCountedOneByOne(t *testing.T) {
	for _, shard := range []Shard{{}, {1, 4}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second-time.Millisecond/2)
			defer cancel()
			start, asked := time.Now(), 0
			soak := counted{Constant(Steady(1000, 720*time.Hour)), &asked}
			tally := fire(ctx, Plan{Pacer: soak, Start: start, Until: start.Add(720 * time.Hour), Shard: shard}, func(context.Context, Slot) {})
			of := max(shard.Of, 1)
			if want := (Tally{Started: 10_000 / of, NotStarted: (720*3_600_000 - 10_000) / of}); tally != want {
				t.Errorf("tally %+v, want %+v", tally, want)
			}
			if asked > 10_000+of*mostCounted {
				t.Errorf("%d slots were counted one by one", asked)
			}
		})
	}
}
