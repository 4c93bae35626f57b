package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Loop says how many clients are at work.
type Loop struct {
	// Clients is how many there are at a time, counted from Start. A client takes the next slot as soon as
	// its last one has ended; one that is too many ends with its slot.
	Clients Profile
	Start   time.Time
	// Limit is how many slots there are at most; 0 sets no limit.
	Limit int
	// Shard is the part of the clients, and of the slots, that is at work here.
	Shard Shard
}

// Keep keeps the clients of a loop at work until its profile or ctx ends, and returns how many slots were
// started when all of them are over. A slot is planned for the moment at which its client is free: a
// closed loop has no other schedule, and waits with a server that is slow.
func Keep(ctx context.Context, loop Loop, do Work) (started int) {
	var running sync.WaitGroup
	defer running.Wait()
	ended := make(chan struct{}, 1) // says that busy is less than it was
	var busy atomic.Int64
	for {
		now := time.Now()
		elapsed := now.Sub(loop.Start)
		if ctx.Err() != nil || elapsed >= loop.Clients.Length() || !loop.has(started) {
			return started
		}
		if int(busy.Load()) < loop.clients(elapsed) {
			slot := Slot{Index: loop.index(started), Planned: now}
			started++
			busy.Add(1)
			running.Add(1)
			running.Go(func() {
				do(ctx, slot, func() {
					busy.Add(-1)
					select {
					case ended <- struct{}{}:
					default: // it is said already
					}
					running.Done()
				})
			})
			continue
		}
		change := time.NewTimer(loop.change(elapsed) - elapsed)
		select {
		case <-ended:
		case <-change.C:
		case <-ctx.Done():
		}
		change.Stop()
	}
}

// change returns when, after elapsed, there may be another number of clients.
func (l Loop) change(elapsed time.Duration) time.Duration {
	if elapsed < 0 {
		return 0
	}
	return l.Clients.change(elapsed)
}

// clients is how many of the clients are this shard's.
func (l Loop) clients(elapsed time.Duration) int {
	if elapsed < 0 {
		return 0
	}
	return l.Shard.Part(l.Clients.at(elapsed))
}

// index is the place, among the slots of all shards, of this shard's n-th slot.
func (l Loop) index(n int) int {
	if l.Shard.Of < 2 {
		return n
	}
	return n*l.Shard.Of + l.Shard.Index
}

// has reports whether there is an n-th slot for this shard.
func (l Loop) has(n int) bool { return l.Limit == 0 || l.index(n) < l.Limit }
