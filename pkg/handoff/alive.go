package handoff

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Live takes the lock by which the other container of the pod sees that this one's process is alive: the kernel
// gives it back the moment the process ends, however it ends. It is held until then, or until release is called,
// which has to be kept: what nobody holds on to is closed by the garbage collector. The container is RunnerContainer or
// ResultsContainer.
func (o Outbox) Live(ctx context.Context, container string) (release func() error, err error) {
	lock := flock.New(o.lockOf(container))
	// Whoever watches holds the lock for moments.
	if taken, err := lock.TryLockContext(ctx, time.Millisecond); err != nil || !taken {
		return func() error { return nil }, fmt.Errorf("locking the outbox for %s: %w", container, err)
	}
	return lock.Close, nil
}

func (o Outbox) lockOf(container string) string { return filepath.Join(o.Dir, container+".lock") }

// Watch is a look at whether the process of the other container has ended. Where containers do not see each
// other's locks, as under some sandboxing runtimes, it never says so, and the heartbeat has to tell.
type Watch struct {
	path string
	// seen says that the process was alive at a look.
	seen bool
}

// Watch returns a look at a container's process.
func (o Outbox) Watch(container string) *Watch { return &Watch{path: o.lockOf(container)} }

// Ended reports whether the process was alive at an earlier look, and is not any more.
func (w *Watch) Ended() bool {
	lock := flock.New(w.path)
	free, err := lock.TryRLock()
	_ = lock.Close() // a lock that was only looked at
	switch {
	case err != nil:
		return false
	case !free:
		w.seen = true
		return false
	}
	return w.seen
}

// Seen reports whether the process was ever alive at a look.
func (w *Watch) Seen() bool { return w.seen }

// AwaitShipped waits until the results container has done its work, and reports whether it has: not when its
// process ended before, nor when it was not seen alive within patience, nor before the end of ctx.
func (o Outbox) AwaitShipped(ctx context.Context, results *Watch, poll, patience time.Duration) bool {
	began := time.Now()
	look := time.NewTicker(poll)
	defer look.Stop()
	for {
		dead := results.Ended() // before the look for its word: it may have ended with it
		switch {
		case o.has(shippedFile):
			return true
		case dead, !results.Seen() && time.Since(began) > patience:
			return false
		}
		select {
		case <-ctx.Done():
			return o.has(shippedFile)
		case <-look.C:
		}
	}
}
