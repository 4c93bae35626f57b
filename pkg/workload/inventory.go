package workload

import (
	"context"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// inventory is what the server has of a run.
type inventory struct {
	recurring, experiments, pipelines []result.Thing
	runs                              []kfp.Run
	// shared are the ids of our experiments in which somebody else has something.
	shared map[string]bool
}

// take lists what the server has. What a crash left nobody has the ids of, so that nothing is looked for by id.
func (c *Cleaner) take(ctx context.Context) (inventory, error) {
	found := inventory{shared: map[string]bool{}}
	filter, err := kfp.Named(c.RunID + "-")
	if err != nil {
		return found, err
	}
	query := kfp.Query{Namespace: c.Namespace, Filter: filter}
	if found.recurring, err = c.ours(ctx, kfp.RecurringRuns, result.RecurringRunThing, query); err != nil || c.Keep == result.KeepAll {
		return found, err
	}
	if found.experiments, err = c.ours(ctx, kfp.Experiments, result.ExperimentThing, query); err != nil {
		return found, err
	}
	runs, err := c.Client.EveryRun(ctx, query)
	if err != nil {
		return found, err
	}
	known := map[string]bool{}
	for _, r := range runs {
		if c.isOurs(r.Name, r.Description) {
			known[r.ID] = true
			found.runs = append(found.runs, r)
		}
	}
	for _, e := range found.experiments {
		if err := c.takeExperiment(ctx, e.ID, known, &found); err != nil {
			return found, err
		}
	}
	found.pipelines, err = c.ours(ctx, kfp.Pipelines, result.PipelineThing, query)
	return found, err
}

// takeExperiment adds the runs of one of our experiments: those of recurring runs bear the server's names. Others may
// have put something there, too.
func (c *Cleaner) takeExperiment(ctx context.Context, id string, known map[string]bool, found *inventory) error {
	query := kfp.Query{Namespace: c.Namespace, ExperimentID: id}
	recurring, err := c.Client.Every(ctx, kfp.RecurringRuns, query)
	if err != nil {
		return err
	}
	strangers := map[string]bool{}
	for _, r := range recurring {
		if !c.isOurs(r.Name, r.Description) {
			strangers[r.ID], found.shared[id] = true, true
		}
	}
	runs, err := c.Client.EveryRun(ctx, query)
	if err != nil {
		return err
	}
	for _, r := range runs {
		scheduled := r.RecurringRunID != "" && !strangers[r.RecurringRunID]
		switch {
		case known[r.ID]:
		case scheduled, c.isOurs(r.Name, r.Description):
			known[r.ID] = true
			found.runs = append(found.runs, r)
		default:
			found.shared[id] = true
		}
	}
	return nil
}

// ours lists the things of a kind that bear our name and our mark.
func (c *Cleaner) ours(ctx context.Context, kind kfp.Kind, as result.ThingKind, query kfp.Query) ([]result.Thing, error) {
	items, err := c.Client.Every(ctx, kind, query)
	var things []result.Thing
	for _, item := range items {
		if c.isOurs(item.Name, item.Description) {
			things = append(things, result.Thing{Kind: as, ID: item.ID, Name: item.Name})
		}
	}
	return things, err
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
