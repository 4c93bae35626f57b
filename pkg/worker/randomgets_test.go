package worker

import (
	"context"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

func TestReadsFollowTheirWeights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.seed(t, 25)
		d := s.run(t, `[{"mode": "RANDOM_GETS", "runTime": "60s", "load": {"rate": "50/s"}, "seed": 1, "reads": {
			"pageSizes": [5, 20], "pageDepths": [1, 3], "weights": {"ListRuns": 3, "GetRun": 2, "ListPipelineVersions": 0.5,
			"ListExperiments": 1, "GetExperiment": 1, "ListPipelines": 1, "GetPipeline": 1, "GetPipelineVersion": 0.5}}}]`)
		const reads = 3000
		if d.Entries[0].Counts != (result.Counts{Planned: reads, Succeeded: reads}) {
			t.Fatalf("counts %+v", d.Entries[0].Counts)
		}
		for operation, weight := range map[string]float64{
			"GET/runs": 3, "GET/runs/ID": 2, "GET/experiments": 1, "GET/experiments/ID": 1, "GET/pipelines": 1,
			"GET/pipelines/ID": 1, "GET/pipelines/ID/versions": 0.5, "GET/pipelines/ID/versions/ID": 0.5,
		} {
			n := len(firstPages(s, operation))
			share := weight / 10
			// Four standard deviations: once in sixteen thousand seeds it would be more.
			if off := math.Abs(float64(n) - reads*share); off > 4*math.Sqrt(reads*share*(1-share)) {
				t.Errorf("%d of %d reads are %s, which has %v of 10", n, reads, operation, weight)
			}
		}
		checkPages(t, s)
	})
}

// firstPages are the reads of an operation during the load, later pages of a list left out.
func firstPages(s *stand, operation string) []heard {
	var first []heard
	for _, h := range s.heardOf(operation) {
		prepares := h.query.Get("page_size") == "200"
		if h.query.Get("page_token") == "" && !prepares {
			first = append(first, h)
		}
	}
	return first
}

// checkPages checks sizes and depths of the lists of runs, of which there are twenty-five.
func checkPages(t *testing.T, s *stand) {
	t.Helper()
	lists, later := firstPages(s, "GET/runs"), 0
	for _, h := range s.heardOf("GET/runs") {
		if h.query.Get("page_token") != "" {
			later++
		}
	}
	sizes, inExperiment := map[string]int{}, 0
	for _, h := range lists {
		sizes[h.query.Get("page_size")]++
		if h.query.Get("experiment_id") != "" {
			inExperiment++
		}
	}
	half := len(lists) / 2
	if len(sizes) != 2 || math.Abs(float64(sizes["5"]-half)) > 60 || math.Abs(float64(inExperiment-half)) > 60 {
		t.Errorf("of %d lists, sizes are %v, and %d are of an experiment", len(lists), sizes, inExperiment)
	}
	// Half of the lists are to be read to the third page; with 20 runs a page there are two.
	if want := half/2*2 + half/2; math.Abs(float64(later-want)) > 100 {
		t.Errorf("%d later pages of %d lists, want about %d", later, len(lists), want)
	}
}

func TestAnEmptyServerLeavesReadsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		d := s.run(t, `[{"mode": "RANDOM_GETS", "runTime": "5s", "load": {"rate": "10/s"},
			"reads": {"weights": {"GetRun": 9, "ListPipelineVersions": 9, "ListRuns": 1}}},
			{"mode": "RANDOM_GETS", "runTime": "5s", "reads": {"weights": {"GetRun": 1, "GetPipeline": 1}}}]`)
		if e := d.Entries[0]; e.Counts.Succeeded != 50 || len(firstPages(s, "GET/runs")) != 50 {
			t.Errorf("counts %+v", e.Counts)
		}
		warnings := strings.Join(d.Warnings, "\n")
		for _, operation := range []string{"GetRun", "ListPipelineVersions", "GetPipeline"} {
			if !strings.Contains(warnings, operation+" was left out of the reads") {
				t.Errorf("%s is not said to be left out: %s", operation, warnings)
			}
		}
		if failure := d.Entries[1].Failure; !strings.Contains(failure, "nothing that the reads of this entry could get") || d.Verdict.Status != result.Failed {
			t.Errorf("failure %q, verdict %+v", failure, d.Verdict)
		}
	})
}

func TestWithoutALoadReadsAreClientsUntilRunTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: 100 * time.Millisecond}}})
		d := s.run(t, `[{"mode": "RANDOM_GETS", "runTime": "10s", "numTimes": 3, "reads": {"weights": {"ListExperiments": 1}}}]`)
		if d.Entries[0].Counts != (result.Counts{Planned: 300, Succeeded: 300}) {
			t.Errorf("counts %+v", d.Entries[0].Counts)
		}
		// One answer for its health, one list to prepare.
		if took := d.Finished.Sub(d.Started); took != 10*time.Second+100*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestASeedMakesTheSameReadsAtTheSameTimes(t *testing.T) {
	read := func(seed string) (reads []heard) {
		synctest.Test(t, func(t *testing.T) {
			s := newStand(t, sandbox.Options{})
			s.seed(t, 30)
			s.run(t, `{"seed": `+seed+`, "scenarios": [{"mode": "RANDOM_GETS", "runTime": "20s", "load": {"rate": "20/s", "arrivals": "poisson"}}]}`)
			reads = s.calls
		})
		return reads
	}
	first := read("7")
	if again := read("7"); !reflect.DeepEqual(first, again) {
		t.Error("the same seed reads something else, or at other times")
	}
	if other := read("8"); reflect.DeepEqual(first, other) || len(other) < 300 || len(other) > 500 {
		t.Errorf("another seed makes %d reads", len(other))
	}
}

func TestReadsAreOfTheNamespace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{MultiUser: true, Tokens: map[string][]string{"secret": {"team"}}})
		file := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(file, []byte("secret\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if s.client, err = kfp.New(kfp.Config{BaseURL: serverURL, Token: kfp.TokenFile(file), Transport: inprocess.Transport{Handler: s}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: "of the team", Namespace: "team"}); err != nil {
			t.Fatal(err)
		}
		d := s.run(t, `[{"mode": "RANDOM_GETS", "runTime": "10s", "load": {"rate": "20/s"}, "reads": {"weights": {
			"ListRuns": 1, "ListExperiments": 1, "GetExperiment": 1, "ListPipelines": 1, "ListRecurringRuns": 1}}}]`)
		if d.Entries[0].Counts.Succeeded != 200 || d.Server.Namespace != "team" {
			t.Errorf("counts %+v, server %+v", d.Entries[0].Counts, d.Server)
		}
		for _, operation := range []string{"GET/runs", "GET/experiments", "GET/pipelines", "GET/recurringruns"} {
			for _, h := range s.heardOf(operation) {
				if h.query.Get("namespace") != "team" {
					t.Errorf("%s with %v", operation, h.query)
				}
			}
		}
	})
}

func TestAServerThatIsAwayIsNotBesieged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.meddle = func(w http.ResponseWriter, h heard, next func(http.ResponseWriter)) {
			if h.operation == "GET/experiments" && h.query.Get("page_size") != "200" {
				hangUp(w)
			}
			next(w)
		}
		d := s.runUntil(ctx, t, `[{"mode": "RANDOM_GETS", "runTime": "60s", "load": {"inFlight": 5}, "reads": {"weights": {"ListExperiments": 1}}}]`)
		if n := d.Entries[0].Counts.Errors; n != 5*600 {
			t.Errorf("%d calls in a minute", n)
		}
	})
}
