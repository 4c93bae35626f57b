package result_test

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// runs is an entry of 25 runs, the first of which is its warm-up. Two of them are told of one by one.
func runs() result.Entry {
	e := result.Entry{
		Index: 0, Mode: scenario.PipelineRun, Title: "creators", Labels: map[string]string{"team": "a"}, Pipeline: "noop.yaml",
		PipelineID: "p-1", VersionID: "v-1", ExperimentID: "e-1", Share: &result.Share{Index: 0, Of: 2}, Active: scenario.Duration(90 * time.Second), Failure: "uploading pipeline: http 500",
		Counts: result.Counts{Planned: 29, NotStarted: 1, Dropped: 1, Errors: 1, Succeeded: 24, Failed: 1, Unfinished: 1},
		API:    operations(false),
		WarmUp: &result.WarmUp{Counts: result.Counts{Planned: 1, Succeeded: 1}, API: operations(false)[1:]},
		Load:   load(), RunsLeftOut: 23,
	}
	var figures result.Figures
	for slot := range 25 {
		r := run(slot)
		figures.Add(r)
		if slot < 2 {
			e.Runs = append(e.Runs, r)
		}
	}
	e.Figures = figures.Distributions(time.Second)
	return e
}

// run took longer the later it was asked for: by a second each, so that no figure depends on how a processor
// rounds.
func run(slot int) result.Run {
	at := start().Add(time.Duration(slot) * time.Second)
	return result.Run{
		Slot: slot, ID: fmt.Sprintf("r-%d", slot+1), Name: fmt.Sprintf("nightly-9k2d4f-1-%d", slot+1), Planned: at, Sent: at.Add(2 * time.Millisecond), Created: at.Add(22 * time.Millisecond),
		Running: at.Add(2 * time.Second), Terminal: at.Add(21 * time.Second), State: result.Succeeded,
		ServerCreated: server(slot), ServerFinished: server(2*slot + 19), FirstTask: server(slot + 2), Persisted: server(2*slot + 20),
		Stages:           &result.Stages{Queue: 2, Drivers: 4, Executors: 10 + int64(slot), Scheduling: 2, Unattributed: 1},
		DetectionSeconds: as(int64(1)), Tasks: as(int64(3)), CachedTasks: as(int64(1)), RetriedTasks: as(int64(1)),
		Impossible: 1, WarmUp: slot == 0, Error: "timeout",
	}
}

// scheduled is an entry of one run by schedule, of which the server told little.
func scheduled() result.Entry {
	r := run(7)
	r.RecurringRun, r.Tick, r.State = "rr-1", server(6), "FAILED"
	r.Stages, r.DetectionSeconds, r.Tasks, r.CachedTasks, r.RetriedTasks = nil, nil, nil, nil, nil
	var figures result.Figures
	figures.Add(r)
	return result.Entry{
		Index: 1, Mode: scenario.PipelineScheduledRun, Counts: result.Counts{Planned: 1, Failed: 1},
		Schedule: &result.Schedule{Cron: "0 */5 * * * *", RecurringRuns: 2, Expected: 5, Missed: 1, Double: 1, Late: 1, Fired: 4, Left: 1},
		Runs:     []result.Run{r}, Figures: figures.Distributions(time.Second),
	}
}

func load() metrics.Load {
	var l metrics.Load
	l.Sent(0, 2*time.Millisecond)
	l.Sent(time.Second, time.Second)
	l.Dropped(1500 * time.Millisecond)
	l.Ended(3 * time.Second)
	l.Late(4 * time.Second)
	return l.Until(4 * time.Second)
}

func gauge(values ...int64) metrics.Gauge {
	var g metrics.Gauge
	for i, value := range values {
		g.Set(time.Duration(i)*time.Second, value)
	}
	return g
}

func resources() result.Resources {
	return result.Resources{
		Worker: &result.WorkerUse{
			CPUSeconds: 3.25, CPULimitMilli: 2000, CPUMilli: gauge(40, 55, 61), ThrottledSeconds: as(0.5),
			MemoryBytes: gauge(30<<20, 31<<20), MemoryLimitBytes: as(int64(512 << 20)), CPUs: 2,
		},
		Components: []result.ComponentUse{{
			Name: "ml-pipeline", Pods: 2, CPUMilli: gauge(100, 900), MemoryBytes: gauge(200<<20, 210<<20),
			CPULimitMilli: as(int64(1000)), MemoryLimitBytes: as(int64(1 << 30)), Restarts: 1,
		}},
	}
}

func environment() result.Environment {
	var clock metrics.Clock
	for _, ahead := range []time.Duration{0, 5 * time.Second} {
		sent := start().Add(ahead)
		clock.See(sent, sent.Add(8*time.Millisecond), sent.Add(2*ahead).Truncate(time.Second))
	}
	return result.Environment{
		Kubernetes: "v1.34.1", Node: "node-1", ImageDigest: "sha256:3d9a2d57", Flags: []string{"--drain=5m0s", "--namespace=team"},
		Nodes: []result.Node{{Name: "node-1", Kubelet: "v1.34.1", Architecture: "amd64", CPUMilli: 8000, MemoryBytes: 32 << 30}},
		Clock: &clock,
	}
}
