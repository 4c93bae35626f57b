package workload

import (
	"reflect"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func rate(r scenario.Rate) *scenario.Rate { return &r }

func inFlight(n int) *int { return &n }

func minutes(n int) scenario.Duration { return scenario.Duration(time.Duration(n) * time.Minute) }

func TestSpread(t *testing.T) {
	const seed = 9
	for name, test := range map[string]struct {
		entry scenario.Entry
		want  spread
		total int
	}{
		"at once": {
			scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), NumTimes: 5},
			spread{pacer: load.Burst(5), sinceStart: true}, 5,
		},
		"evenly": {
			scenario.Entry{Mode: scenario.PipelineUpload, RunTime: minutes(1), NumTimes: 30},
			spread{pacer: load.Constant{{For: time.Minute, From: 0.5, To: 0.5}}, limit: 30}, 30,
		},
		"clients": {
			scenario.Entry{Mode: scenario.RandomGets, RunTime: minutes(1), NumTimes: 5},
			spread{clients: load.Profile{{For: time.Minute, From: 5, To: 5}}}, 0,
		},
		"a constant rate": {
			scenario.Entry{Mode: scenario.RandomGets, RunTime: minutes(1), Load: &scenario.Shape{Rate: 2, Arrivals: scenario.Constant, MaxInFlight: 7}},
			spread{pacer: load.Constant{{For: time.Minute, From: 2, To: 2}}, maxInFlight: 7}, 120,
		},
		"a capped rate": {
			scenario.Entry{Mode: scenario.Experiment, RunTime: minutes(1), NumTimes: 50, Load: &scenario.Shape{Rate: 2}},
			spread{pacer: load.Constant{{For: time.Minute, From: 2, To: 2}}, limit: 50}, 50,
		},
		"random arrivals": {
			scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), NumTimes: 3, Load: &scenario.Shape{Rate: 2, Arrivals: scenario.Poisson}},
			spread{pacer: load.Poisson{Rate: load.Profile{{For: time.Minute, From: 2, To: 2}}, Seed: seed}, limit: 3}, 3,
		},
		"a closed loop": {
			scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), Load: &scenario.Shape{InFlight: 4}},
			spread{clients: load.Profile{{For: time.Minute, From: 4, To: 4}}}, 0,
		},
		"a capped closed loop": {
			scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), NumTimes: 9, Load: &scenario.Shape{InFlight: 4}},
			spread{clients: load.Profile{{For: time.Minute, From: 4, To: 4}}, limit: 9}, 9,
		},
		"stages of a rate": {
			scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(3), Load: &scenario.Shape{Stages: []scenario.Stage{{For: minutes(1), Rate: rate(2)}, {For: minutes(2), Rate: rate(0)}}}},
			spread{pacer: load.Constant{{For: time.Minute, From: 0, To: 2}, {For: 2 * time.Minute, From: 2, To: 0}}}, 180,
		},
		"stages of clients": {
			scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(3), Load: &scenario.Shape{Stages: []scenario.Stage{{For: minutes(1), InFlight: inFlight(2)}, {For: minutes(2), InFlight: inFlight(5)}}}},
			spread{clients: load.Profile{{For: time.Minute, From: 0, To: 2}, {For: 2 * time.Minute, From: 2, To: 5}}}, 0,
		},
	} {
		mode, _ := modeOf(test.entry.Mode)
		got := spreadOf(test.entry, seed, mode.spread)
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
		if n := got.total(); n != test.total {
			t.Errorf("%s: %d slots, want %d", name, n, test.total)
		}
	}
}

func TestAShareIsOfAllThatIsSpread(t *testing.T) {
	of := []string{"a", "b", "c"}
	for name, test := range map[string]struct {
		entry  scenario.Entry
		totals [3]int
		bound  int
	}{
		"at once":              {scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), NumTimes: 5}, [3]int{2, 2, 1}, 0},
		"evenly":               {scenario.Entry{Mode: scenario.PipelineUpload, RunTime: minutes(1), NumTimes: 31}, [3]int{11, 10, 10}, 0},
		"a capped closed loop": {scenario.Entry{Mode: scenario.PipelineRun, RunTime: minutes(1), NumTimes: 9, Load: &scenario.Shape{InFlight: 4}}, [3]int{3, 3, 3}, 0},
		"a rate": {
			scenario.Entry{Mode: scenario.RandomGets, RunTime: minutes(1), Load: &scenario.Shape{Rate: 2, MaxInFlight: 7}}, [3]int{40, 40, 40}, 2,
		},
	} {
		test.entry.Namespaces = of
		for i, namespace := range of {
			target := &Target{RunID: "r", Tenant: namespace}
			e, err := NewEntry(target, NewTracker(target, time.Second), 3, test.entry, nil)
			if err != nil {
				t.Fatal(err)
			}
			if e.total != test.totals[i] || e.spread.shard != (load.Shard{Index: i, Of: 3}) || e.Index() != 3 {
				t.Errorf("%s: %d slots of %+v in %s, want %d", name, e.total, e.spread.shard, namespace, test.totals[i])
			}
			if i == 2 && e.spread.bound() != test.bound {
				t.Errorf("%s: a bound of %d, want %d", name, e.spread.bound(), test.bound)
			}
		}
	}
	if whole := shardOf(scenario.Entry{Namespaces: of[:1]}, "a"); whole != (load.Shard{}) {
		t.Errorf("the only namespace has %+v", whole)
	}
}

func TestCompressed(t *testing.T) {
	drain, stage := minutes(4), minutes(20)
	original := scenario.Entry{
		Mode: scenario.PipelineRun, StartTime: minutes(1), RunTime: minutes(20), NumTimes: 3, Drain: &drain,
		WarmUp: &scenario.WarmUp{Time: minutes(2)},
		Load:   &scenario.Shape{Stages: []scenario.Stage{{For: stage, Rate: rate(0.5)}}, MaxInFlight: 7},
	}
	before := original.Load.Stages[0]
	got := compressed(original, 10)
	short := scenario.Duration(24 * time.Second)
	want := scenario.Entry{
		Mode: scenario.PipelineRun, StartTime: scenario.Duration(6 * time.Second), RunTime: minutes(2), NumTimes: 3, Drain: &short,
		WarmUp: &scenario.WarmUp{Time: scenario.Duration(12 * time.Second)},
		Load:   &scenario.Shape{Stages: []scenario.Stage{{For: minutes(2), Rate: rate(5)}}, MaxInFlight: 7},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if original.Load.Stages[0] != before || *original.Load.Stages[0].Rate != 0.5 || *original.Drain != minutes(4) {
		t.Error("the original was changed")
	}
	for _, speed := range []float64{0, 1} {
		if same := compressed(original, speed); !reflect.DeepEqual(same, original) {
			t.Errorf("speed %v makes %+v", speed, same)
		}
	}
	steady := compressed(scenario.Entry{RunTime: minutes(10), WarmUp: &scenario.WarmUp{Count: 5}, Load: &scenario.Shape{Rate: 3}}, 60)
	if steady.Load.Rate != 180 || steady.WarmUp.Count != 5 || steady.RunTime != scenario.Duration(10*time.Second) {
		t.Errorf("%+v", steady)
	}
}

func TestSeedsDifferBetweenEntries(t *testing.T) {
	own := uint64(5)
	if seedOf(1, 0, scenario.Entry{}) != 1 || seedOf(1, 1, scenario.Entry{}) == seedOf(1, 2, scenario.Entry{}) ||
		seedOf(1, 1, scenario.Entry{}) == seedOf(2, 1, scenario.Entry{}) || seedOf(1, 7, scenario.Entry{Seed: &own}) != 5 {
		t.Error("seeds are not what they should be")
	}
}
