package load

import (
	"context"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheShardsOfAScheduleAreTheSchedule(t *testing.T) {
	rate := Steady(1000, 30*time.Second)
	for _, seed := range []uint64{1, 2, 3} {
		pacer := Poisson{rate, seed}
		whole := fired(t, pacer, Shard{})
		if n := Count(pacer, 0); len(whole) != n || n < 29_000 || n > 31_000 {
			t.Errorf("%d slots of %d", len(whole), n)
		}
		for _, of := range []int{1, 4} {
			union := map[int]time.Duration{}
			for k := range of {
				for index, planned := range fired(t, pacer, Shard{k, of}) {
					if _, twice := union[index]; twice {
						t.Fatalf("slot %d is in two shards", index)
					}
					union[index] = planned
				}
			}
			if !maps.Equal(union, whole) {
				t.Errorf("the %d slots of %d shards are not the %d of the whole", len(union), of, len(whole))
			}
		}
	}
}

// fired returns when each slot was planned, by index, and checks that it began then.
func fired(t *testing.T, pacer Pacer, shard Shard) map[int]time.Duration {
	t.Helper()
	planned := map[int]time.Duration{}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		fire(t.Context(), Plan{Pacer: pacer, Start: start, Until: start.Add(24 * time.Hour), Shard: shard}, func(_ context.Context, s Slot) {
			mu.Lock()
			defer mu.Unlock()
			planned[s.Index] = s.Planned.Sub(start)
			if late := time.Since(s.Planned); late != 0 {
				t.Errorf("slot %d began %v late", s.Index, late)
			}
		})
	})
	return planned
}

func TestThePartsOfAllShardsAreTheWhole(t *testing.T) {
	for n := range 20 {
		if got := (Shard{}).Part(n); got != n {
			t.Errorf("the whole of %d is %d", n, got)
		}
		for of := 1; of < 8; of++ {
			sum := 0
			for index := range of {
				owned := 0
				for i := range n {
					if (Shard{index, of}).owns(i) {
						owned++
					}
				}
				if part := (Shard{index, of}).Part(n); part != owned {
					t.Errorf("shard %d of %d has %d of %d, and owns %d", index, of, part, n, owned)
				}
				sum += owned
			}
			if sum != n {
				t.Errorf("%d shards have %d of %d", of, sum, n)
			}
		}
	}
}

func TestNothingDriftsOverHours(t *testing.T) {
	const hours = 3
	for name, pacer := range map[string]Pacer{
		"constant": Constant(Steady(7, hours*time.Hour)), "poisson": Poisson{Steady(7, hours*time.Hour), 1},
	} {
		began := fired(t, pacer, Shard{})
		index := 0
		for offset := range pacer.Offsets() {
			if began[index] != offset {
				t.Fatalf("%s: slot %d was planned for %v, and is due at %v", name, index, began[index], offset)
			}
			index++
		}
		if len(began) != index || index < 74_000 {
			t.Errorf("%s: %d slots of %d", name, len(began), index)
		}
	}
}
