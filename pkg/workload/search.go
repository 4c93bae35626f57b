package workload

import (
	"context"
	"slices"
	"time"
)

// nextSought takes the run that is to be searched for now, if any. Lists and searches take turns, so
// that neither starves the other.
func (t *Tracker) nextSought() *followed {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.justSought && len(t.followed) > 0 {
		t.justSought = false
		return nil
	}
	now := t.target.now()
	i := slices.IndexFunc(t.sought, func(f *followed) bool { return !f.due.After(now) })
	t.justSought = i >= 0
	if i < 0 {
		return nil
	}
	f := t.sought[i]
	t.sought = slices.Delete(t.sought, i, i+1)
	return f
}

// seek looks for a run by its name, which is its own, and goes on to follow it when it is there. A
// create call is never sent again: that might make a second run.
func (t *Tracker) seek(ctx context.Context, f *followed) {
	run, found, err := t.target.Client.FindRunByName(ctx, t.target.Namespace, f.name)
	if !t.noted(ctx, err) {
		t.follow(f)
		return
	}
	now := t.target.now()
	if found {
		f.id, f.looked, f.misses = run.ID, now, 0
		f.entry.adopted(f.slot, run.ID)
		if f.entry.saw(f.slot, run, now) {
			t.follow(f)
		}
		return
	}
	f.misses++
	if f.misses == maxSeeks {
		f.entry.gaveUp(f.slot, refused)
		return
	}
	f.due = now.Add(t.poll * time.Duration(1<<(2*f.misses)))
	t.follow(f)
}
