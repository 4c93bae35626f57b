package workload

import (
	"fmt"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// Standing is where an entry stands at one moment.
type Standing struct {
	Phase Phase
	// Counts has runs in flight among Unfinished and, while their fate is sought, among Errors.
	Counts result.Counts
	// InFlight counts the runs whose end is awaited.
	InFlight int
	// CreateMax is the slowest create call so far, answered or not.
	CreateMax time.Duration
	// Failure is why the entry as a whole failed, empty while it has not.
	Failure string
}

// Standing returns where the entry stands.
func (e *Entry) Standing() Standing {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := Standing{Phase: e.phase, CreateMax: e.createMax, Failure: e.outcome.Failure, Counts: e.counts()}
	for i := range e.runs {
		switch e.runs[i].stage {
		case creating, seeking, following:
			s.InFlight++
		}
	}
	return s
}

// Result returns what became of the entry.
func (e *Entry) Result() result.Entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	outcome := e.outcome
	outcome.Counts = e.counts()
	for i := range e.runs {
		if e.runs[i].stage != notStarted {
			outcome.Runs = append(outcome.Runs, inUTC(e.runs[i].Run))
		}
	}
	return outcome
}

// inUTC returns a run whose times do not depend on where the worker runs.
func inUTC(r result.Run) result.Run {
	for _, t := range []*time.Time{
		&r.Planned, &r.Sent, &r.Created, &r.Running, &r.Terminal, &r.ServerCreated, &r.ServerFinished,
	} {
		*t = t.UTC()
	}
	return r
}

// counts sorts the runs by their stages. The lock is held.
func (e *Entry) counts() result.Counts {
	c := result.Counts{Planned: len(e.runs)}
	for i := range e.runs {
		switch r := &e.runs[i]; r.stage {
		case notStarted:
			c.NotStarted++
		case refused, seeking:
			c.Errors++
		case creating, following, vanished:
			c.Unfinished++
		case ended:
			if r.State == result.Succeeded {
				c.Succeeded++
			} else {
				c.Failed++
			}
		}
	}
	return c
}

// Warnings returns the doubts about what Result says, a sentence each; it is meant for an entry that is
// done.
func (e *Entry) Warnings() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	warnings := slices.Clone(e.warnings)
	add := func(n int, text string) {
		if n > 0 {
			warnings = append(warnings, fmt.Sprintf("%d of %d runs %s", n, len(e.runs), text))
		}
	}
	in := map[stage]int{}
	adopted := 0
	for i := range e.runs {
		in[e.runs[i].stage]++
		if e.runs[i].Error != "" && e.runs[i].ID != "" {
			adopted++
		}
	}
	if e.outcome.Failure == "" {
		add(in[notStarted], "were not started")
	}
	add(adopted, "had no answer to their create call and were found by name afterwards")
	add(in[seeking], "had no answer to their create call and may exist on the server")
	add(in[vanished], "vanished from the server before they ended")
	add(in[following], "had not ended when the waiting did")
	for i, warning := range warnings {
		warnings[i] = e.outcome.Name() + ": " + warning
	}
	return warnings
}
