package workload

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// mostAtOnce bounds the runs that are deleted from one look to the next, and the memory that they take. A run may have
// made a million.
const mostAtOnce = 20_000

// madeRun is what has to be known of a run to delete it.
type madeRun struct {
	id, name, experimentID string
	underway               bool
}

// inventory is what the server has of a run.
type inventory struct {
	recurring, experiments, pipelines []result.Thing
	// runs are those that are to go, at most Cleaner.most of them; more says that there are others. Then nothing is
	// known of the rest.
	runs []madeRun
	more bool
	// kept counts the runs that stay; entriesKept are the numbers of their entries, and experimentsKept the ids of
	// their experiments and of those in which somebody else has something.
	kept                         int
	entriesKept, experimentsKept map[string]bool
	// newest is when the last of it was made, by the server's clock.
	newest time.Time
}

// take lists what the server has. What a crash left nobody has the ids of, so that nothing is looked for by id.
func (c *Cleaner) take(ctx context.Context) (*inventory, error) {
	found := &inventory{entriesKept: map[string]bool{}, experimentsKept: map[string]bool{}}
	filter, err := kfp.Named(c.RunID + "-")
	if err != nil {
		return found, err
	}
	query := kfp.Query{Namespace: c.Namespace, Filter: filter}
	if found.recurring, err = c.ours(ctx, kfp.RecurringRuns, result.RecurringRunThing, query, &found.newest); err != nil || c.Keep == result.KeepAll {
		return found, err
	}
	if found.experiments, err = c.ours(ctx, kfp.Experiments, result.ExperimentThing, query, &found.newest); err != nil {
		return found, err
	}
	err = c.Client.EveryRun(ctx, query, func(r kfp.Run) bool {
		return !c.isOurs(r.Name, r.Description) || c.add(found, r, c.entryOf(r.Name))
	})
	for _, e := range found.experiments {
		if err != nil || found.more {
			return found, err
		}
		err = c.takeExperiment(ctx, e, found)
	}
	if err != nil || found.more {
		return found, err
	}
	found.pipelines, err = c.ours(ctx, kfp.Pipelines, result.PipelineThing, query, &found.newest)
	return found, err
}

// add notes a run of an entry, and reports whether there is room for another.
func (c *Cleaner) add(found *inventory, r kfp.Run, entry string) bool {
	found.newest = later(found.newest, r.Created)
	if c.stays(r) {
		found.kept++
		found.entriesKept[entry], found.experimentsKept[r.ExperimentID] = true, true
		return true
	}
	if found.more = len(found.runs) == c.mostAtOnce(); found.more {
		return false
	}
	found.runs = append(found.runs, madeRun{r.ID, r.Name, r.ExperimentID, !kfp.Terminal(r.State)})
	return true
}

func (c *Cleaner) mostAtOnce() int { return cmp.Or(c.most, mostAtOnce) }

// takeExperiment adds the runs of one of our experiments that bear the server's names, as those of recurring runs do.
// Others may have put something there, too.
func (c *Cleaner) takeExperiment(ctx context.Context, e result.Thing, found *inventory) error {
	query := kfp.Query{Namespace: c.Namespace, ExperimentID: e.ID}
	recurring, err := c.Client.Every(ctx, kfp.RecurringRuns, query)
	if err != nil {
		return err
	}
	strangers := map[string]bool{}
	for _, r := range recurring {
		if !c.isOurs(r.Name, r.Description) {
			strangers[r.ID], found.experimentsKept[e.ID] = true, true
		}
	}
	return c.Client.EveryRun(ctx, query, func(r kfp.Run) bool {
		switch {
		case c.isOurs(r.Name, r.Description): // it was found by its name
			return true
		case r.RecurringRunID != "" && !strangers[r.RecurringRunID]:
			return c.add(found, r, c.entryOf(e.Name))
		}
		found.experimentsKept[e.ID] = true
		return true
	})
}

// ours lists the things of a kind that bear our name and our mark, and notes when the newest was made.
func (c *Cleaner) ours(ctx context.Context, kind kfp.Kind, as result.ThingKind, query kfp.Query, newest *time.Time) ([]result.Thing, error) {
	items, err := c.Client.Every(ctx, kind, query)
	var things []result.Thing
	for _, item := range items {
		if c.isOurs(item.Name, item.Description) {
			things = append(things, result.Thing{Kind: as, ID: item.ID, Name: item.Name})
			*newest = later(*newest, item.Created)
		}
	}
	return things, err
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// isOurs reports whether the run made something. A name alone proves nothing: anybody may choose it.
func (c *Cleaner) isOurs(name, description string) bool {
	return strings.HasPrefix(name, c.RunID+"-") && description == Mark(c.RunID)
}

// entryOf returns the number of the entry, from 1, that gave a thing its name; empty for another name.
func (c *Cleaner) entryOf(name string) string {
	rest, ours := strings.CutPrefix(name, c.RunID+"-")
	if !ours {
		return ""
	}
	number, _, _ := strings.Cut(rest, "-")
	return number
}
