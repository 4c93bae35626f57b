package workload

import (
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// removal is what is to be deleted.
type removal struct {
	recurring, runs, experiments, pipelines []result.Thing
	// underway are the ids of runs that have not ended.
	underway map[string]bool
	// experimentOf are the experiments of runs, by their ids.
	experimentOf map[string]string
}

// things are all of them, in the order in which they go.
func (r removal) things() []result.Thing {
	all := make([]result.Thing, 0, len(r.recurring)+len(r.runs)+len(r.experiments)+len(r.pipelines))
	for _, some := range [][]result.Thing{r.recurring, r.runs, r.experiments, r.pipelines} {
		all = append(all, some...)
	}
	return all
}

// sort tells what is to go from what stays. A run that stays keeps its experiment, and the pipeline of its entry.
func (c *Cleaner) sort(found *inventory) (removal, result.Things) {
	goes := removal{recurring: found.recurring, underway: map[string]bool{}, experimentOf: map[string]string{}}
	kept := result.Things{Runs: found.kept}
	var ended []result.Thing
	for _, r := range found.runs {
		thing := result.Thing{Kind: result.RunThing, ID: r.id, Name: r.name}
		goes.experimentOf[r.id] = r.experimentID
		if !r.underway {
			ended = append(ended, thing)
			continue
		}
		goes.underway[r.id] = true // these go first: they are what still puts load on
		goes.runs = append(goes.runs, thing)
	}
	goes.runs = append(goes.runs, ended...)
	if found.more {
		return goes, kept // the rest is looked at when these are gone
	}
	for _, e := range found.experiments {
		if found.experimentsKept[e.ID] {
			kept.Experiments++
			continue
		}
		goes.experiments = append(goes.experiments, e)
	}
	for _, p := range found.pipelines {
		if found.entriesKept[c.entryOf(p.Name)] {
			kept.Pipelines++
			continue
		}
		goes.pipelines = append(goes.pipelines, p)
	}
	return goes, kept
}

// stays reports whether a run is one that people will want to look into.
func (c *Cleaner) stays(r kfp.Run) bool {
	if c.Keep != result.KeepFailed || r.State == result.Succeeded {
		return false
	}
	return !c.Interrupted || kfp.Terminal(r.State) && !c.Underway[r.ID]
}
