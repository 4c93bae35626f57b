package worker

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// offsets are when the runs of an entry were due, counted from the first.
func offsets(e result.Entry) []time.Duration {
	var all []time.Duration
	for _, r := range e.Runs {
		all = append(all, r.Planned.Sub(e.Runs[0].Planned))
	}
	return all
}

// atWork returns how many runs were at most between their create call and their end, as the worker saw them.
func atWork(runs []result.Run) (most int) {
	changes := map[time.Time]int{}
	for _, r := range runs {
		changes[r.Sent]++
		changes[r.Terminal]--
	}
	now := 0
	for _, at := range slices.SortedFunc(maps.Keys(changes), time.Time.Compare) {
		now += changes[at]
		most = max(most, now)
	}
	return most
}

func TestAClosedLoopKeepsRunsInFlight(t *testing.T) {
	for _, mode := range []string{"PIPELINE_RUN", "EXPERIMENT"} {
		t.Run(mode, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				d := s.run(t, `[{"mode": "`+mode+`", "runTime": "60s", "load": {"inFlight": 3}, "pipelineFileName": "wait-9.yaml"}]`)
				e := d.Entries[0]
				// A run takes 9.5 s and is seen to end up to a second later; no new one begins after a minute.
				if n := e.Counts.Succeeded; n < 3*5 || n > 3*7 || e.Counts.Planned != n || atWork(e.Runs) != 3 {
					t.Errorf("counts %+v, %d in flight", e.Counts, atWork(e.Runs))
				}
				if last := slices.Max(offsets(e)); last > time.Minute {
					t.Errorf("the last run was sent %v after the first", last)
				}
				if (e.ExperimentID != "") != (mode == "EXPERIMENT") {
					t.Errorf("experiment %q", e.ExperimentID)
				}
			})
		})
	}
}

// TestAServerThatRefusesIsNotFloodedByAClosedLoop has each client rest after a refusal: 3 of them, 10 times a second.
func TestAServerThatRefusesIsNotFloodedByAClosedLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{ErrorRate: map[string]sandbox.ErrorRate{"CreateRun": {Rate: 1}}})
		d := s.run(t, `[{"mode": "PIPELINE_RUN", "runTime": "10s", "load": {"inFlight": 3}, "pipelineFileName": "wait-9.yaml"}]`)
		if e := d.Entries[0]; e.Counts.Errors < 200 || e.Counts.Errors > 303 {
			t.Errorf("counts %+v", e.Counts)
		}
	})
}

func TestNumTimesCapsALoad(t *testing.T) {
	for name, load := range map[string]string{
		"closed": `{"inFlight": 2}`, "constant": `{"rate": "1/s"}`, "poisson": `{"rate": "1/s", "arrivals": "poisson"}`,
		"stages": `{"stages": [{"for": "30s", "rate": "1/s"}, {"for": "30s", "rate": "1/s"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				d := s.run(t, `[{"mode": "PIPELINE_RUN", "runTime": "60s", "numTimes": 7, "pipelineFileName": "wait.yaml", "load": `+load+`}]`)
				if e := d.Entries[0]; e.Counts != (result.Counts{Planned: 7, Succeeded: 7}) || len(s.heardOf("POST/runs")) != 7 {
					t.Errorf("counts %+v", e.Counts)
				}
			})
		})
	}
}

func TestAnOpenLoopKeepsItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Answers and runs take far longer than it is from one run to the next.
		s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"CreateRun": {Median: 3 * time.Second}, "": {Median: time.Millisecond}}})
		d := s.run(t, `[{"mode": "EXPERIMENT", "runTime": "30s", "load": {"rate": "2/s"}, "pipelineFileName": "wait-60.yaml"}]`)
		e := d.Entries[0]
		if e.Counts != (result.Counts{Planned: 60, Succeeded: 60}) {
			t.Errorf("counts %+v", e.Counts)
		}
		for i, offset := range offsets(e) {
			if want := time.Duration(i) * 500 * time.Millisecond; offset != want || !e.Runs[i].Sent.Equal(e.Runs[i].Planned) {
				t.Errorf("run %d was due after %v, want %v, and sent %v later", i, offset, want, e.Runs[i].Sent.Sub(e.Runs[i].Planned))
			}
		}
	})
}

func TestStagesOfARateFollowTheirArea(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		d := s.run(t, `[{"mode": "PIPELINE_RUN", "pipelineFileName": "wait.yaml",
			"load": {"stages": [{"for": "20s", "rate": "2/s"}, {"for": "10s", "rate": "2/s"}, {"for": "20s", "rate": "0/s"}]}}]`)
		e := d.Entries[0]
		in := [3]int{}
		for _, offset := range offsets(e) {
			switch {
			case offset < 20*time.Second:
				in[0]++
			case offset < 30*time.Second:
				in[1]++
			default:
				in[2]++
			}
		}
		if in != [3]int{20, 20, 20} || e.Counts.Succeeded != 60 {
			t.Errorf("%v runs in the stages, counts %+v", in, e.Counts)
		}
	})
}

func TestStagesOfClientsFollowTheirNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: 100 * time.Millisecond}}})
		s.run(t, `[{"mode": "RANDOM_GETS", "reads": {"weights": {"ListExperiments": 1}},
			"load": {"stages": [{"for": "10s", "inFlight": 4}, {"for": "10s", "inFlight": 4}, {"for": "10s", "inFlight": 0}]}}]`)
		reads := s.heardOf("GET/experiments")[1:]
		in := [3]int{}
		for _, h := range reads {
			in[min(int(h.at.Sub(reads[0].at.Add(-1250*time.Millisecond)).Seconds()/10), 2)]++
		}
		// A client makes ten reads a second; the first one comes when half of it is there, after 1.25 s.
		for stage, want := range [3]int{200, 400, 200} {
			if in[stage] < want-20 || in[stage] > want+20 {
				t.Errorf("%d reads in stage %d, want about %d", in[stage], stage, want)
			}
		}
	})
}

func TestArrivalsFollowFromTheSeed(t *testing.T) {
	due := func(seed string) (all []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := newStand(t, sandbox.Options{})
			d := s.run(t, `{"seed": `+seed+`, "scenarios": [{"mode": "PIPELINE_RUN", "runTime": "60s", "pipelineFileName": "wait.yaml", "load": {"rate": "2/s", "arrivals": "poisson"}}]}`)
			if d.Entries[0].Counts.NotStarted != 0 || d.Scenario.Seed == 0 {
				t.Errorf("counts %+v, seed %d", d.Entries[0].Counts, d.Scenario.Seed)
			}
			all = offsets(d.Entries[0])
		})
		return all
	}
	first := due("1")
	if !slices.Equal(first, due("1")) || slices.Equal(first, due("2")) {
		t.Error("arrivals do not follow from the seed")
	}
	gaps := map[time.Duration]bool{}
	for i := 1; i < len(first); i++ {
		gaps[first[i]-first[i-1]] = true
	}
	if n := len(first); n < 80 || n > 160 || len(gaps) < n/2 {
		t.Errorf("%d arrivals with %d different gaps", n, len(gaps))
	}
}

func TestRunsThatAreTooManyInFlightAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		d := s.run(t, `[{"mode": "PIPELINE_RUN", "runTime": "60s", "load": {"rate": "1/s", "maxInFlight": 5}, "warmUp": "20s",
			"pipelineFileName": "wait-600.yaml", "drain": "11m"}]`)
		e := d.Entries[0]
		if e.Counts != (result.Counts{Planned: 40, Dropped: 40}) || e.WarmUp.Counts != (result.Counts{Planned: 20, Dropped: 15, Succeeded: 5}) {
			t.Errorf("counts %+v, warm-up %+v", e.Counts, e.WarmUp.Counts)
		}
		if d.Verdict.Status != result.Invalid || !strings.Contains(d.Verdict.Reasons[0], "40 of 40 runs (100.0 %) were dropped") {
			t.Errorf("verdict %+v", d.Verdict)
		}
	})
}

func TestParamsNameAndLabelsAreCarriedAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		d := s.run(t, `{"name": "mine", "seed": 5, "scenarios": [{"mode": "PIPELINE_RUN", "runTime": "60s", "name": "first", "labels": {"team": "ml"},
			"load": {"inFlight": 1}, "numTimes": 2, "pipelineFileName": "wait.yaml", "params": {"greeting": "hi"}}]}`)
		e := d.Entries[0]
		if d.Scenario.Name != "mine" || e.Title != "first" || e.Labels["team"] != "ml" || d.Scenario.Seed != 5 {
			t.Errorf("scenario %+v, entry %+v", d.Scenario, e)
		}
		var body struct {
			Config struct {
				Parameters map[string]any `json:"parameters"`
			} `json:"runtime_config"`
		}
		if err := json.Unmarshal([]byte(s.heardOf("POST/runs")[0].body), &body); err != nil || body.Config.Parameters["greeting"] != "hi" {
			t.Errorf("parameters %v, %v", body, err)
		}
	})
}
