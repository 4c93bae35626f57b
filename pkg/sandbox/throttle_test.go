package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// asDeployed is the throttle of KFP's clients unless it is installed otherwise.
const (
	asDeployedQPS   = 5
	asDeployedBurst = 10
)

// together sends a request n times at the same time, and returns how long the slowest took.
func (s subject) together(t *testing.T, n int, status int, token, method, path, message string) time.Duration {
	t.Helper()
	began := time.Now()
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			if got, answer := s.as(token, method, path, message); got != status {
				t.Errorf("answered %d %.200s, want %d", got, answer, status)
			}
		})
	}
	group.Wait()
	return time.Since(began)
}

func TestThrottleLetsABurstPassAndThenItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{Speed: 60, Throttle: Throttle{QPS: asDeployedQPS, Burst: asDeployedBurst}}), nil}
		create := `{"display_name":"one","pipeline_version_reference":{"pipeline_id":"` + s.pipeline(t, waiting("")) + `"}}`
		for _, c := range []struct {
			rest time.Duration
			n    int
			want time.Duration
		}{
			{0, 10, 0}, {0, 1, 200 * time.Millisecond}, {0, 5, time.Second}, {time.Second, 5, 0},
			{time.Hour, 60, 10 * time.Second}, // a long rest allows no more than the burst
		} {
			time.Sleep(c.rest)
			if took := s.together(t, c.n, http.StatusOK, "", http.MethodPost, "/runs", create); took != c.want {
				t.Errorf("%d runs after a rest of %s took %s, want %s", c.n, c.rest, took, c.want)
			}
		}
		if took := s.together(t, 1000, http.StatusOK, "", http.MethodGet, "/runs", ""); took != 0 {
			t.Errorf("what needs no Kubernetes took %s", took)
		}
	})
}

func TestRunsAndRecurringRunsAreThrottledApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{Throttle: Throttle{QPS: 1, Burst: 1}}), nil}
		pipeline := s.pipeline(t, waiting(""))
		run := s.run(t, "one", pipeline).ID // which is the burst
		// 1 s each: a deletion needs what a creation needs.
		for _, request := range [][2]string{
			{http.MethodPost, "/runs/" + run + ":terminate"}, {http.MethodDelete, "/runs/" + run},
		} {
			if took := s.together(t, 1, http.StatusOK, "", request[0], request[1], ""); took != time.Second {
				t.Errorf("%s took %s", request, took)
			}
		}
		if took := s.together(t, 3, http.StatusOK, "", http.MethodPost, "/recurringruns", recurringBody(pipeline, everyMinute)); took != 2*time.Second {
			t.Errorf("recurring runs took %s", took)
		}
		id := s.recurringIDs(t)[0]
		for _, request := range [][2]string{
			{http.MethodPost, "/recurringruns/" + id + ":disable"}, {http.MethodPost, "/recurringruns/" + id + ":enable"},
			{http.MethodDelete, "/recurringruns/" + id},
		} {
			if took := s.together(t, 1, http.StatusOK, "", request[0], request[1], ""); took != time.Second {
				t.Errorf("%s took %s", request, took)
			}
		}
		// What is refused does not get so far.
		if took := s.together(t, 5, http.StatusInternalServerError, "", http.MethodPost, "/runs", `{"display_name":"one"}`); took != 0 {
			t.Errorf("refusals took %s", took)
		}
	})
}

func (s subject) recurringIDs(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, r := range get[struct {
		All []listedRecurring `json:"recurringRuns"`
	}](t, s, "/recurringruns", nil).All {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestEveryCallerWhoMustBeKnownIsThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{
			MultiUser: true, Tokens: map[string][]string{"a": {"ns-a"}}, Throttle: Throttle{QPS: asDeployedQPS, Burst: asDeployedBurst},
		}), nil}
		for _, c := range []struct {
			token, path string
			status      int
			want        time.Duration
		}{
			{"a", "/runs?namespace=ns-a", http.StatusOK, 2 * time.Second},
			{"a", "/runs?namespace=ns-b", http.StatusForbidden, 2 * time.Second},
			{"unknown", "/runs?namespace=ns-a", http.StatusUnauthorized, 2 * time.Second},
			{"", "/runs?namespace=ns-a", http.StatusUnauthorized, 0}, // Kubernetes is not asked about nobody
			{"a", "/runs", http.StatusBadRequest, 0},
			{"a", "/healthz", http.StatusOK, 0},
		} {
			time.Sleep(time.Minute)
			if took := s.together(t, 20, c.status, c.token, http.MethodGet, c.path, ""); took != c.want {
				t.Errorf("20 times %s as %q took %s, want %s", c.path, c.token, took, c.want)
			}
		}
	})
}

func TestThrottledCallerWhoGoesHasHadATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := subject{New(Options{Throttle: Throttle{QPS: 1, Burst: 1}}), nil}
		create := fmt.Sprintf(`{"display_name":"one","pipeline_version_reference":{"pipeline_id":"%s"}}`, s.pipeline(t, waiting("")))
		s.expect(t, http.StatusOK, http.MethodPost, "/runs", create)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, httptest.NewRequestWithContext(ctx, http.MethodPost, prefix+"/runs", strings.NewReader(create)))
		began := time.Now()
		s.expect(t, http.StatusOK, http.MethodPost, "/runs", create)
		if took := time.Since(began); recorder.Code != statusGone || took != 1900*time.Millisecond {
			t.Errorf("answered %d, then took %s", recorder.Code, took)
		}
		if got := get[listed](t, s, "/runs", nil).TotalSize; got != 2 {
			t.Errorf("there are %d runs", got)
		}
	})
}
