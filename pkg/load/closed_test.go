package load

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// busy records how many slots are at work.
type busy struct {
	mu        sync.Mutex
	now, most int
	indices   []int
	// when are the offsets at which slots began.
	when  []time.Duration
	start time.Time
}

// work takes a while and returns.
func (b *busy) work(took time.Duration) func(context.Context, Slot) {
	return func(_ context.Context, s Slot) {
		b.mu.Lock()
		b.now++
		b.most = max(b.most, b.now)
		b.indices = append(b.indices, s.Index)
		b.when = append(b.when, time.Since(b.start))
		b.mu.Unlock()
		time.Sleep(took)
		b.mu.Lock()
		b.now--
		b.mu.Unlock()
	}
}

func TestAClosedLoopKeepsItsClientsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{start: time.Now()}
		started := keep(t.Context(), Loop{Clients: Steady(4, 10*time.Second), Start: b.start}, b.work(time.Second))
		if started != 40 || b.most != 4 {
			t.Errorf("%d slots, at most %d at once", started, b.most)
		}
		if took := time.Since(b.start); took != 10*time.Second {
			t.Errorf("returned after %v", took)
		}
		slices.Sort(b.indices)
		for i, index := range b.indices {
			if i != index {
				t.Fatalf("slots %v", b.indices)
			}
		}
	})
}

func TestClientsComeAndGoWithTheirProfile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{start: time.Now()}
		at := map[time.Duration]int{}
		for _, after := range []time.Duration{1950 * time.Millisecond, 5950 * time.Millisecond, 12050 * time.Millisecond, 24950 * time.Millisecond} {
			time.AfterFunc(after, func() {
				b.mu.Lock()
				defer b.mu.Unlock()
				at[after] = b.now
			})
		}
		keep(t.Context(), Loop{
			Clients: Profile{{10 * time.Second, 0, 5}, {10 * time.Second, 5, 5}, {10 * time.Second, 5, 0}}, Start: b.start,
		}, b.work(100*time.Millisecond))
		want := map[time.Duration]int{1950 * time.Millisecond: 1, 5950 * time.Millisecond: 3, 12050 * time.Millisecond: 5, 24950 * time.Millisecond: 3}
		for after, n := range want {
			if at[after] != n {
				t.Errorf("%d at work after %v, want %d", at[after], after, n)
			}
		}
		if first := b.when[0]; first != time.Second {
			t.Errorf("the first client came after %v", first)
		}
	})
}

func TestALimitEndsAClosedLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{start: time.Now()}
		started := keep(t.Context(), Loop{Clients: Steady(3, time.Hour), Start: b.start, Limit: 7}, b.work(time.Second))
		if took := time.Since(b.start); started != 7 || took != 3*time.Second {
			t.Errorf("%d slots in %v", started, took)
		}
	})
}

func TestCancellationEndsAClosedLoopAndAwaitsItsSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{start: time.Now()}
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		started := keep(ctx, Loop{Clients: Steady(2, time.Hour), Start: b.start}, b.work(time.Second))
		if took := time.Since(b.start); started != 6 || took != 3*time.Second || b.now != 0 {
			t.Errorf("%d slots in %v, %d still at work", started, took, b.now)
		}
	})
}

func TestALoopThatStartsLaterIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{start: time.Now()}
		started := keep(t.Context(), Loop{Clients: Steady(2, 10*time.Second), Start: b.start.Add(5 * time.Second)}, b.work(time.Second))
		if started != 20 || b.when[0] != 5*time.Second {
			t.Errorf("%d slots, the first after %v", started, b.when[0])
		}
	})
}

func TestTheShardsOfALoopShareClientsAndSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		most, all := 0, []int{}
		for k := range 3 {
			b := &busy{start: time.Now()}
			keep(t.Context(), Loop{Clients: Steady(7, time.Minute), Start: b.start, Limit: 20, Shard: Shard{k, 3}}, b.work(time.Second))
			most += b.most
			all = append(all, b.indices...)
		}
		slices.Sort(all)
		if most != 7 || len(all) != 20 || all[0] != 0 || all[19] != 19 {
			t.Errorf("%d clients, slots %v", most, all)
		}
	})
}
