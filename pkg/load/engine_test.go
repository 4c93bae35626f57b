package load

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// every is a schedule of n slots, one each interval.
func every(interval time.Duration, n int) Pacer {
	return Constant(Steady(1/interval.Seconds(), time.Duration(n)*interval))
}

func TestABurstIsInFlightTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var begun atomic.Int32
		tally := fire(t.Context(), Plan{Pacer: Burst(50), Start: start, Until: start.Add(time.Minute)}, func(context.Context, Slot) {
			begun.Add(1)
			time.Sleep(10 * time.Minute)
			if n := begun.Load(); n != 50 {
				t.Errorf("%d slots in flight together", n)
			}
		})
		if tally != (Tally{Started: 50}) {
			t.Errorf("tally %+v", tally)
		}
		if took := time.Since(start); took != 10*time.Minute {
			t.Errorf("returned after %v", took)
		}
	})
}

func TestSlotsDoNotDrift(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Add(90 * time.Second)
		var mu sync.Mutex
		began := map[int]time.Duration{}
		fire(t.Context(), Plan{Pacer: every(time.Second, 100), Start: start, Until: start.Add(time.Hour)}, func(_ context.Context, s Slot) {
			mu.Lock()
			defer mu.Unlock()
			began[s.Index] = time.Since(start)
			if s.Planned.Sub(start) != time.Duration(s.Index)*time.Second {
				t.Errorf("slot %d was planned for %v", s.Index, s.Planned.Sub(start))
			}
		})
		for i := range 100 {
			if began[i] != time.Duration(i)*time.Second {
				t.Errorf("slot %d began at %v", i, began[i])
			}
		}
	})
}

func TestALateStartCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now().Add(-5 * time.Second)
		var mu sync.Mutex
		var began []time.Duration
		fire(t.Context(), Plan{Pacer: every(2*time.Second, 4), Start: start, Until: start.Add(time.Hour)}, func(context.Context, Slot) {
			mu.Lock()
			defer mu.Unlock()
			began = append(began, time.Since(start))
		})
		want := []time.Duration{5 * time.Second, 5 * time.Second, 5 * time.Second, 6 * time.Second}
		if !slices.Equal(began, want) {
			t.Errorf("slots began at %v, want %v", began, want)
		}
	})
}

func TestNothingStartsAfterUntil(t *testing.T) {
	for _, test := range []struct {
		name  string
		delay time.Duration
		until time.Duration
		want  Tally
	}{
		{"in time", 0, 9 * time.Second, Tally{Started: 10}},
		{"the last instant counts", 0, 5 * time.Second, Tally{Started: 6, NotStarted: 4}},
		{"just over", 0, 5*time.Second - 1, Tally{Started: 5, NotStarted: 5}},
		{"over before it began", 10 * time.Second, 9 * time.Second, Tally{NotStarted: 10}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				time.Sleep(test.delay)
				tally := fire(t.Context(), Plan{Pacer: every(time.Second, 10), Start: start, Until: start.Add(test.until)}, func(context.Context, Slot) {})
				if tally != test.want {
					t.Errorf("tally %+v, want %+v", tally, test.want)
				}
				if over := time.Since(start) - test.delay; over > test.until {
					t.Errorf("waited %v for slots that may not start", over)
				}
			})
		})
	}
}

func TestCancellationStopsNewSlotsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		var finished atomic.Int32
		tally := fire(ctx, Plan{Pacer: every(time.Second, 10), Start: start, Until: start.Add(time.Hour)}, func(ctx context.Context, _ Slot) {
			<-ctx.Done()
			time.Sleep(time.Second)
			finished.Add(1)
		})
		if tally != (Tally{Started: 3, NotStarted: 7}) || finished.Load() != 3 {
			t.Errorf("tally %+v, %d awaited", tally, finished.Load())
		}
		if took := time.Since(start); took != 3500*time.Millisecond {
			t.Errorf("returned after %v", took)
		}
	})
}

func TestSlotsThatAreTooManyAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		dropped := map[int]time.Duration{}
		tally := fire(t.Context(), Plan{
			Pacer: every(time.Second, 10), Start: start, Until: start.Add(time.Hour), MaxInFlight: 2,
			Drop: func(s Slot) { dropped[s.Index] = time.Since(start) },
		}, func(context.Context, Slot) { time.Sleep(4*time.Second - time.Millisecond) })
		if want := (Tally{Started: 6, Dropped: 4}); tally != want {
			t.Errorf("tally %+v, want %+v", tally, want)
		}
		want := map[int]time.Duration{2: 2 * time.Second, 3: 3 * time.Second, 6: 6 * time.Second, 7: 7 * time.Second}
		if !maps.Equal(dropped, want) {
			t.Errorf("dropped %v, want %v", dropped, want)
		}
	})
}

func TestALimitEndsASchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tally := fire(t.Context(), Plan{
			Pacer: every(time.Second, 10), Start: start, Until: start.Add(time.Hour), Limit: 4,
		}, func(context.Context, Slot) {})
		if want := (Tally{Started: 4}); tally != want {
			t.Errorf("tally %+v, want %+v", tally, want)
		}
	})
}

func TestSlotsThatWereDueAndCameTooLateAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := 0
		plan := Plan{
			Pacer: Burst(3), Start: time.Now().Add(-10 * time.Second), Until: time.Now().Add(-5 * time.Second),
			Late: func(Slot) { late++ },
		}
		if tally := fire(t.Context(), plan, func(context.Context, Slot) {}); tally != (Tally{NotStarted: 3}) || late != 3 {
			t.Errorf("tally %+v, %d were late", tally, late)
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		plan = Plan{
			Pacer: Constant(Steady(1, time.Minute)), Start: time.Now(), Until: time.Now().Add(time.Minute),
			Late: func(s Slot) { t.Errorf("slot %d was not due", s.Index) },
		}
		plan.Start = plan.Start.Add(time.Second)
		if tally := fire(over, plan, func(context.Context, Slot) {}); tally.Started != 0 || tally.NotStarted == 0 {
			t.Errorf("tally %+v", tally)
		}
	})
}

func fire(ctx context.Context, plan Plan, do func(context.Context, Slot)) Tally {
	return Fire(ctx, plan, Whole(do))
}

func keep(ctx context.Context, loop Loop, do func(context.Context, Slot)) int {
	return Keep(ctx, loop, Whole(do))
}

// TestASlotMayEndAfterItsWork has slots whose ends are seen by somebody else.
func TestASlotMayEndAfterItsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := func(_ context.Context, _ Slot, done func()) { time.AfterFunc(10500*time.Millisecond, done) }
		start := time.Now()
		tally := Fire(t.Context(), Plan{Pacer: every(time.Second, 20), Start: start, Until: start.Add(time.Hour), MaxInFlight: 5}, later)
		if tally != (Tally{Started: 10, Dropped: 10}) || time.Since(start) != 25500*time.Millisecond {
			t.Errorf("%+v after %s", tally, time.Since(start))
		}
		start = time.Now()
		if started := Keep(t.Context(), Loop{Clients: Steady(3, 25*time.Second), Start: start}, later); started != 9 || time.Since(start) != 31500*time.Millisecond {
			t.Errorf("%d slots after %s", started, time.Since(start))
		}
	})
}
