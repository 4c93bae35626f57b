package sandbox

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// took returns how long a request takes, and its status.
func (s subject) took(method, path string) (time.Duration, int) {
	began := time.Now()
	status, _, _ := s.ask(method, path, nil, strings.NewReader(""))
	return time.Since(began), status
}

func TestLatencyIsAddedToTheOperationsItIsSaidOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{Speed: 60, Latency: map[string]Latency{
			"": {Median: 20 * time.Millisecond}, "ListRuns": {Median: time.Second}, "GetHealthz": {},
		}}), nil}
		for path, want := range map[string]time.Duration{
			"/experiments": 20 * time.Millisecond, "/runs/absent": 20 * time.Millisecond, "/runs": time.Second, "/healthz": 0,
		} {
			if took, _ := s.took(http.MethodGet, path); took != want { // on the wall clock, whatever the speed
				t.Errorf("%s took %s, want %s", path, took, want)
			}
		}
	})
}

func TestLatencyIsLognormal(t *testing.T) {
	const n = 20_000
	c := newChance(1, "latency")
	times := make([]float64, n)
	for i := range times {
		times[i] = c.latency(Latency{Median: time.Second, Sigma: 0.5}).Seconds()
	}
	slices.Sort(times)
	for _, q := range []struct{ at, z float64 }{{0.05, -1.645}, {0.5, 0}, {0.9, 1.282}, {0.95, 1.645}, {0.99, 2.326}} {
		if got, want := times[int(q.at*n)], math.Exp(0.5*q.z); math.Abs(got/want-1) > 0.05 {
			t.Errorf("p%g is %.3f s, want %.3f s", 100*q.at, got, want)
		}
	}
}

func TestSeedDecidesWhatHappensToEachCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// calls returns what becomes of ten calls, with calls of other operations between them or without.
		calls := func(seed uint64, between bool) (fates []string) {
			s := subject{New(Options{
				Seed: seed, Latency: map[string]Latency{"": {time.Second, 1}}, ErrorRate: map[string]ErrorRate{"": {0.5, http.StatusBadGateway}},
			}), nil}
			for range 10 {
				took, status := s.took(http.MethodGet, "/runs")
				fates = append(fates, took.String()+http.StatusText(status))
				if between {
					s.took(http.MethodGet, "/experiments")
				}
			}
			return fates
		}
		one, again, other := calls(7, false), calls(7, true), calls(8, false)
		if !slices.Equal(one, again) || slices.Equal(one, other) {
			t.Errorf("one seed: %q\nthe same: %q\nanother: %q", one, again, other)
		}
		a, b := New(Options{Seed: 7}), New(Options{Seed: 7})
		c, d := New(Options{}), New(Options{})
		if a.ids.id() != b.ids.id() || c.ids.id() == d.ids.id() {
			t.Error("ids do not follow from the seed alone")
		}
	})
}

func TestErrorsComeAtTheirRateWithTheirStatus(t *testing.T) {
	const n = 10_000
	s := newSubject(Options{Seed: 1, ErrorRate: map[string]ErrorRate{
		"": {Rate: 0.1}, "GetHealthz": {1, http.StatusInternalServerError}, "ListExperiments": {},
	}})
	counts := map[int]int{}
	for range n {
		status, _, answer := s.ask(http.MethodGet, "/runs", nil, nil)
		counts[status]++
		if status == http.StatusServiceUnavailable && !strings.Contains(answer, `"code":14`) {
			t.Fatalf("answered %s", answer)
		}
	}
	if failed := counts[http.StatusServiceUnavailable]; failed < 900 || failed > 1100 || failed+counts[http.StatusOK] != n {
		t.Errorf("of %d calls the statuses are %v", n, counts)
	}
	for range 100 {
		s.expect(t, http.StatusInternalServerError, http.MethodGet, "/healthz", "")
		s.expect(t, http.StatusOK, http.MethodGet, "/experiments", "")
	}
}

func TestInjectedStatusesHaveTheCodesOfKFPs(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusBadRequest: `"code":3,`, http.StatusUnauthorized: `"code":16,`, http.StatusForbidden: `"code":7,`,
		http.StatusNotFound: `"code":5,`, http.StatusConflict: `"code":6,`, http.StatusInternalServerError: `"code":13,`,
		http.StatusServiceUnavailable: `"code":14,`, http.StatusTooManyRequests: `"code":2,`,
	} {
		s := newSubject(Options{ErrorRate: map[string]ErrorRate{"": {1, status}}})
		if answer := s.expect(t, status, http.MethodGet, "/runs", ""); !strings.Contains(answer, want) {
			t.Errorf("%d: answered %s, want %s", status, answer, want)
		}
	}
}

func TestStallHoldsEveryRequestToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{Speed: 60, Stalls: []Stall{
			{20 * time.Second, 25 * time.Second}, {5 * time.Second, 6 * time.Second}, {24 * time.Second, 30 * time.Second},
		}}), nil}
		start := time.Now()
		for _, c := range []struct{ at, want time.Duration }{
			{0, 0}, {4999 * time.Millisecond, 0}, {5 * time.Second, time.Second}, {6 * time.Second, 0},
			{20 * time.Second, 10 * time.Second}, {30 * time.Second, 0},
		} {
			time.Sleep(c.at - time.Since(start))
			if took, status := s.took(http.MethodGet, "/healthz"); took != c.want || status != http.StatusOK {
				t.Errorf("at %s: took %s, %d, want %s", c.at, took, status, c.want)
			}
		}
	})
}

func TestListCostGrowsWithTheRowsThatAreLookedThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{ListCost: time.Millisecond}), nil}
		pipeline := s.pipeline(t, waiting(""))
		own := post[listedRun](t, s, "/experiments", `{"display_name":"own"}`).Experiment
		for range 50 {
			s.run(t, "elsewhere", pipeline)
		}
		id := post[listedRun](t, s, "/runs", `{"display_name":"one","experiment_id":"`+own+
			`","pipeline_version_reference":{"pipeline_id":"`+pipeline+`"}}`).ID
		for path, want := range map[string]time.Duration{
			"/runs": 51 * time.Millisecond, "/runs?page_size=1": 51 * time.Millisecond, "/runs?experiment_id=" + own: time.Millisecond,
			"/runs?filter=" + in("run_id", id): time.Millisecond, "/runs/" + id: 0, "/experiments": 2 * time.Millisecond, "/recurringruns": 0,
		} {
			if took, status := s.took(http.MethodGet, strings.ReplaceAll(path, `"`, "%22")); took != want || status != http.StatusOK {
				t.Errorf("%s took %s, %d, want %s", path, took, status, want)
			}
		}
	})
}

func TestCallerWhoGoesIsNotServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{Latency: map[string]Latency{"CreateExperiment": {Median: time.Minute}}}), nil}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, prefix+"/experiments", strings.NewReader(`{"display_name":"own"}`))
		recorder, began := httptest.NewRecorder(), time.Now()
		s.ServeHTTP(recorder, request)
		if took := time.Since(began); took != time.Second || recorder.Code != statusGone {
			t.Errorf("after %s: answered %d %s", took, recorder.Code, recorder.Body)
		}
		if got := get[listed](t, s, "/experiments", nil).TotalSize; got != 1 {
			t.Errorf("there are %d experiments, want only the default one", got)
		}
	})
}
