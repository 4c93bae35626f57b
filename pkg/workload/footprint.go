package workload

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// shippedRate is how many calls a second a multi-user KFP lets through with its default CLIENTQPS.
const shippedRate = 5

// Footprint is how much a scenario makes in Kubeflow Pipelines, in all its namespaces.
type Footprint struct {
	result.Things
	// AtLeast says that there may be more: in a closed loop nobody knows how much before it has ended.
	AtLeast bool
}

// FootprintOf works it out from the scenario alone.
func FootprintOf(d *scenario.Document) Footprint {
	var f Footprint
	for _, e := range d.Entries {
		f.add(e)
	}
	return f
}

func (f *Footprint) add(e scenario.Entry) {
	mode, known := modeOf(e.Mode)
	if !known || e.Mode == scenario.RandomGets {
		return
	}
	places := max(len(e.Namespaces), 1) // each has its own pipeline and experiment
	slots := spreadOf(e, 0, mode.spread)
	n := slots.total()
	f.AtLeast = f.AtLeast || slots.pacer == nil && slots.limit == 0
	switch {
	case e.Mode == scenario.PipelineUpload && e.As != scenario.AsVersions:
		f.Pipelines, f.Versions = f.Pipelines+n, f.Versions+n
		return
	case e.Mode == scenario.PipelineUpload:
		f.Versions += n
	case e.Mode == scenario.PipelineScheduledRun:
		f.RecurringRuns += n
		f.Runs += n * ticksWithin(e)
	default:
		f.Runs += n
	}
	f.Pipelines, f.Versions = f.Pipelines+places, f.Versions+places
	if e.Mode != scenario.PipelineRun && e.Mode != scenario.PipelineUpload {
		f.Experiments += places
	}
}

// ticksWithin is how often the schedule of an entry is due within its runTime, on an ordinary day.
func ticksWithin(e scenario.Entry) int {
	cron, err := scenario.CronForKFP(e.Cron)
	if err != nil {
		return 0
	}
	monday := time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)
	ticks, err := ticksOf(cron, monday, monday.Add(time.Duration(e.RunTime)))
	if err != nil {
		return maxTicks
	}
	return len(ticks)
}

// DeletionTime is how long deleting all of it takes a multi-user KFP as it is shipped: one call a thing, another that
// lists the versions of a pipeline, and another that disables what recurs.
func (f Footprint) DeletionTime() time.Duration {
	calls := f.Total() + f.Pipelines + f.RecurringRuns
	return time.Duration(calls) * time.Second / shippedRate
}
