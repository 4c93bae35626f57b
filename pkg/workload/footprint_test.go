package workload

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestFootprint(t *testing.T) {
	rate := func(r float64) *scenario.Shape { return &scenario.Shape{Rate: scenario.Rate(r)} }
	for name, test := range map[string]struct {
		entry scenario.Entry
		want  Footprint
		took  time.Duration
	}{
		"runs":             {scenario.Entry{Mode: scenario.PipelineRun, NumTimes: 100}, Footprint{Things: result.Things{Runs: 100, Pipelines: 1, Versions: 1}}, 20600 * time.Millisecond},
		"in an experiment": {scenario.Entry{Mode: scenario.Experiment, NumTimes: 2}, Footprint{Things: result.Things{Runs: 2, Experiments: 1, Pipelines: 1, Versions: 1}}, 1200 * time.Millisecond},
		"of two tenants": {
			scenario.Entry{Mode: scenario.Experiment, NumTimes: 5, Namespaces: []string{"a", "b"}},
			Footprint{Things: result.Things{Runs: 5, Experiments: 2, Pipelines: 2, Versions: 2}}, 2600 * time.Millisecond,
		},
		"by rate":        {scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), Load: rate(2)}, Footprint{Things: result.Things{Runs: 120, Pipelines: 1, Versions: 1}}, 24600 * time.Millisecond},
		"by clients":     {scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), Load: &scenario.Shape{InFlight: 3}}, Footprint{result.Things{Pipelines: 1, Versions: 1}, true}, 600 * time.Millisecond},
		"uploads":        {scenario.Entry{Mode: scenario.PipelineUpload, RunTime: minutes(1), NumTimes: 10}, Footprint{Things: result.Things{Pipelines: 10, Versions: 10}}, 6 * time.Second},
		"versions":       {scenario.Entry{Mode: scenario.PipelineUpload, RunTime: minutes(1), NumTimes: 10, As: scenario.AsVersions}, Footprint{Things: result.Things{Pipelines: 1, Versions: 11}}, 2600 * time.Millisecond},
		"by schedule":    {scenario.Entry{Mode: scenario.PipelineScheduledRun, RunTime: minutes(3), NumTimes: 2, Cron: "*/1 * * * *"}, Footprint{Things: result.Things{Runs: 6, RecurringRuns: 2, Experiments: 1, Pipelines: 1, Versions: 1}}, 2800 * time.Millisecond},
		"that only look": {scenario.Entry{Mode: scenario.RandomGets, RunTime: minutes(1), NumTimes: 10}, Footprint{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := FootprintOf(&scenario.Document{Entries: []scenario.Entry{test.entry}})
			if got != test.want || got.DeletionTime() != test.took {
				t.Errorf("%+v, %v", got, got.DeletionTime())
			}
		})
	}
}
