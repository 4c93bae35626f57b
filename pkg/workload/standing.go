package workload

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// Standing is where an entry stands at one moment.
type Standing struct {
	Phase Phase
	// Total is how many slots there are in all; 0 while nobody knows.
	Total int
	// Counts has work in flight among Unfinished and, while the fate of a run is sought, among Errors.
	Counts result.Counts
	// InFlight counts the work whose end is awaited.
	InFlight int
	// CreateMax is the slowest call so far that creates a run, answered or not.
	CreateMax time.Duration
	// Failure is why the entry as a whole failed, empty while it has not.
	Failure string
}

// Standing returns where the entry stands, its warm-up included.
func (e *Entry) Standing() Standing {
	e.mu.Lock()
	defer e.mu.Unlock()
	counted, warm := e.counts()
	return Standing{
		Phase: e.phase, Total: e.total, CreateMax: e.slowest, Failure: e.outcome.Failure,
		Counts: counted.Plus(warm), InFlight: e.calls.inFlight + e.book.inFlight(),
	}
}

// Result returns what became of the entry; poll is how far apart the looks at a run were.
func (e *Entry) Result(poll time.Duration) result.Entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	outcome := e.outcome
	counted, warm := e.counts()
	outcome.Counts, outcome.API = counted, e.counted.Operations()
	if e.spec.WarmUp != nil {
		outcome.WarmUp = &result.WarmUp{Counts: warm, API: e.warmUp.Operations()}
	}
	outcome.Load = e.load.Until(e.since(e.target.now()))
	figures := e.book.figures.Clone()
	for _, index := range slices.Sorted(maps.Keys(e.book.runs)) {
		r := e.book.runs[index]
		if e.mode.byServer || !r.detailed {
			figures.Add(r.Run)
		}
		if len(outcome.Runs) < e.target.KeepRuns+e.target.KeepRuns/10 {
			outcome.Runs = append(outcome.Runs, inUTC(r.Run))
		}
	}
	outcome.Figures = figures.Distributions(poll)
	outcome.RunsLeftOut = e.book.leftOut + len(e.book.runs) - len(outcome.Runs)
	return outcome
}

// inUTC returns a run whose times do not depend on where the worker runs.
func inUTC(r result.Run) result.Run {
	for _, t := range []*time.Time{
		&r.Planned, &r.Sent, &r.Created, &r.Running, &r.Terminal, &r.ServerCreated, &r.ServerFinished, &r.Tick,
		&r.FirstTask, &r.Persisted,
	} {
		*t = t.UTC()
	}
	return r
}

// counts sorts the work by what became of it. The lock is held.
func (e *Entry) counts() (counted, warm result.Counts) {
	counted = e.calls.counted.Plus(countsOf(e.book.counted))
	warm = e.calls.warmUp.Plus(countsOf(e.book.warmUp))
	if e.mode.byServer {
		return counted, warm
	}
	counted.NotStarted = e.tally.NotStarted
	if !e.fired {
		counted.NotStarted = max(e.total-counted.Planned-warm.Planned-e.calls.inFlight, 0)
	}
	counted.Planned += counted.NotStarted
	return counted, warm
}

// Warnings returns the doubts about what Result says, a sentence each; it is meant for an entry that is
// done.
func (e *Entry) Warnings() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	warnings := slices.Clone(e.warnings)
	counted, warm := e.counts()
	of := counted.Planned + warm.Planned
	add := func(n int, text string) {
		if n > 0 {
			warnings = append(warnings, fmt.Sprintf("%d of %d %s %s", n, of, e.work(), text))
		}
	}
	if e.outcome.Failure == "" {
		add(counted.NotStarted, "were not started")
	}
	add(counted.Dropped, "were dropped because too many were in flight")
	add(e.calls.counted.Unfinished+e.calls.warmUp.Unfinished, "had no answer when the waiting ended")
	add(e.adoptions, "had no answer to their create call and were found by name afterwards")
	add(e.book.in(seeking), "had no answer to their create call and may exist on the server")
	add(e.book.in(vanished), "vanished from the server before they ended")
	add(e.book.in(following), "had not ended when the waiting did")
	for i, warning := range warnings {
		warnings[i] = e.Name() + ": " + warning
	}
	return warnings
}
