package workload

import (
	"context"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

const (
	// maxMisses is how many lists in a row may lack a run before it counts as gone.
	maxMisses = 5
	// maxSeeks is how often a run of unknown fate is looked up by name. The waits between are 4 and 16
	// polls: a server that was too slow to answer may make the run late.
	maxSeeks = 3
)

// Tracker learns the states of all runs of all entries with as few calls as can be, however many runs there
// are: one in every poll interval, fewer of a server that is slow to answer, and two of a quick one where one
// list does not hold all runs. Multi-user servers let about five authorized calls a second through, and what the
// tracker takes of these is missing from the load; they never get two.
type Tracker struct {
	target *Target
	poll   time.Duration

	mu sync.Mutex
	// followed are runs that are known by id, the one looked at longest ago first.
	followed []*followed
	// sought are runs that may exist: their create call had no answer.
	sought []*followed
	// justSought makes lists and searches take turns.
	justSought bool
	looks      Looks
	// latency is how long the server takes for a look, smoothed.
	latency time.Duration
}

// Looks tells how well the states could be followed.
type Looks struct {
	// Calls counts looks at the server, Failed those that failed.
	Calls, Failed int
	// Failing says that the last look failed, LastError why the last failure was.
	Failing   bool
	LastError error
	// LongestGap is the longest time between two looks at the same run, or its creation and the first.
	LongestGap time.Duration
}

// followed is one run that the tracker has an eye on.
type followed struct {
	entry *Entry
	slot  int
	// id is empty while the run is sought by name.
	id, name string
	// looked is when the server last told of it, misses how often in a row it did not.
	looked time.Time
	misses int
	// due is when to look again for a sought run.
	due time.Time
}

// NewTracker returns a tracker with a poll interval.
func NewTracker(target *Target, poll time.Duration) *Tracker {
	return &Tracker{target: target, poll: poll}
}

// Run looks at the runs until ctx is done.
func (t *Tracker) Run(ctx context.Context) {
	next := time.Now().Add(t.poll)
	for sleepUntil(ctx, next) {
		began := time.Now()
		if t.look(ctx) {
			t.took(time.Since(began))
		}
		next = began.Add(t.pace())
	}
}

const (
	// calm is how many times as long as the server takes for a look the tracker waits from one to the next: it
	// never keeps more than a quarter of one of the server's hands busy.
	calm = 4
	// slowest is the most poll intervals from one look to the next.
	slowest = 5
)

// pace is the time from one look to the next.
func (t *Tracker) pace() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	least := t.poll
	if t.target.Namespace == "" && len(t.followed) > kfp.MaxBatch {
		least /= 2
	}
	return min(max(calm*t.latency, least), slowest*t.poll)
}

// took notes how long the server took for a look.
func (t *Tracker) took(latency time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.latency == 0 {
		t.latency = latency
	}
	t.latency += (latency - t.latency) / 4
}

// Looks returns how the tracker fared so far.
func (t *Tracker) Looks() Looks {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.looks
}

// follow takes a run on.
func (t *Tracker) follow(f *followed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.id == "" {
		t.sought = append(t.sought, f)
		return
	}
	t.followed = append(t.followed, f)
}

// look makes the one call of this interval and reports whether there was anything to look at.
func (t *Tracker) look(ctx context.Context) bool {
	if f := t.nextSought(); f != nil {
		t.seek(ctx, f)
		return true
	}
	batch := t.nextBatch()
	if len(batch) > 0 {
		t.list(ctx, batch)
	}
	return len(batch) > 0
}

// nextBatch takes the runs that were looked at longest ago.
func (t *Tracker) nextBatch() []*followed {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := min(len(t.followed), kfp.MaxBatch)
	batch := t.followed[:n:n]
	t.followed = t.followed[n:]
	return batch
}

// list asks for the states of a batch and passes them on.
func (t *Tracker) list(ctx context.Context, batch []*followed) {
	ids := make([]string, len(batch))
	for i, f := range batch {
		ids[i] = f.id
	}
	runs, err := t.target.Client.ListRunsByID(ctx, t.target.Namespace, ids)
	if !t.noted(ctx, err) {
		for _, f := range batch {
			t.follow(f)
		}
		return
	}
	byID := make(map[string]kfp.Run, len(runs))
	for _, run := range runs {
		byID[run.ID] = run
	}
	now := t.target.now()
	for _, f := range batch {
		run, found := byID[f.id]
		if t.told(f, run, found, now) {
			t.follow(f)
		}
	}
}

// told passes on what a list said of a run and reports whether there is more to come.
func (t *Tracker) told(f *followed, run kfp.Run, found bool, now time.Time) bool {
	if !found {
		f.misses++
		if f.misses < maxMisses {
			return true
		}
		f.entry.gaveUp(f.slot, vanished)
		return false
	}
	t.mu.Lock()
	t.looks.LongestGap = max(t.looks.LongestGap, now.Sub(f.looked))
	t.mu.Unlock()
	f.looked, f.misses = now, 0
	return f.entry.saw(f.slot, run, now)
}

// noted counts a look and reports whether it succeeded. One that was cut off by the end of the run does
// not count.
func (t *Tracker) noted(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return err == nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.looks.Calls++
	t.looks.Failing = err != nil
	if err != nil {
		t.looks.Failed++
		t.looks.LastError = err
	}
	return err == nil
}
