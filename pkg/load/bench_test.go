package load

import (
	"context"
	"sync"
	"testing"
	"time"
)

// The benchmarks give the cost of one slot: b.N of them are one schedule. BenchmarkGoroutine is what they are
// to be compared with, because every slot has a goroutine of its own.

func BenchmarkGoroutine(b *testing.B) {
	b.ReportAllocs()
	var running sync.WaitGroup
	for range b.N {
		running.Go(func() { nothing(b.Context(), Slot{}) })
	}
	running.Wait()
}

func BenchmarkFire(b *testing.B) {
	for _, kind := range []struct {
		name string
		of   func(Profile, int) Pacer
	}{
		{"burst", func(_ Profile, n int) Pacer { return Burst(n) }},
		{"constant", func(rate Profile, _ int) Pacer { return Constant(rate) }},
		{"poisson", func(rate Profile, _ int) Pacer { return Poisson{rate, 1} }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			// All slots are overdue, so that nothing is waited for.
			start := time.Now().Add(-time.Hour)
			pacer := kind.of(Steady(float64(b.N), time.Second), b.N)
			fire(b.Context(), Plan{Pacer: pacer, Start: start, Until: start.Add(2 * time.Hour)}, nothing)
		})
	}
}

// BenchmarkFireOnTime waits for every slot: what it costs beyond the interval of 10 µs is how far one
// generator can go.
func BenchmarkFireOnTime(b *testing.B) {
	b.ReportAllocs()
	const rate = 100_000
	start := time.Now()
	length := time.Duration(b.N) * time.Second / rate
	fire(b.Context(), Plan{Pacer: Constant(Steady(rate, length)), Start: start, Until: start.Add(time.Hour)}, nothing)
}

func BenchmarkKeep(b *testing.B) {
	b.ReportAllocs()
	keep(b.Context(), Loop{Clients: Steady(64, time.Hour), Start: time.Now(), Limit: b.N}, nothing)
}

func nothing(context.Context, Slot) {}
