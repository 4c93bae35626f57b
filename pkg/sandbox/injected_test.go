package sandbox

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// told is what a server said that it injected, by operation.
type told struct {
	mu sync.Mutex
	of map[string][]time.Duration
}

func (n *told) injected(operation string, latency time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil {
		n.of = map[string][]time.Duration{}
	}
	n.of[operation] = append(n.of[operation], latency)
}

func TestWhatIsInjectedIsWhatEachRequestTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n told
		s := subject{New(Options{
			Seed: 1, Injected: n.injected, ListCost: time.Millisecond, Throttle: Throttle{QPS: 5, Burst: 1},
			Latency:   map[string]Latency{"": {Median: 20 * time.Millisecond, Sigma: 0.5}, "GetHealthz": {}},
			Stalls:    []Stall{{10 * time.Second, 12 * time.Second}},
			ErrorRate: map[string]ErrorRate{"GetExperiment": {Rate: 1}},
		}), nil}
		create := `{"display_name":"one","pipeline_version_reference":{"pipeline_id":"` + s.pipeline(t, waiting("")) + `"}}`
		took := map[string][]time.Duration{}
		ask := func(operation, method, path, message string) {
			began := time.Now()
			s.ask(method, path, nil, strings.NewReader(message))
			took[operation] = append(took[operation], time.Since(began))
		}
		for range 3 {
			ask("CreateRun", http.MethodPost, "/runs", create) // all but the first wait for the throttle
			ask("ListRuns", http.MethodGet, "/runs", "")       // a row more each time
			ask("GetExperiment", http.MethodGet, "/experiments/x", "")
			ask("TerminateRun", http.MethodPost, "/runs/absent:terminate", "")
			ask("GetHealthz", http.MethodGet, "/healthz", "")
		}
		time.Sleep(11 * time.Second)
		ask("GetHealthz", http.MethodGet, "/healthz", "")
		delete(n.of, "UploadPipeline")
		for operation, times := range took {
			if !slices.Equal(n.of[operation], times) {
				t.Errorf("%s took %v, and %v is told", operation, times, n.of[operation])
			}
			delete(n.of, operation)
		}
		if len(n.of) > 0 {
			t.Errorf("%v is told besides", n.of)
		}
		if stalled := took["GetHealthz"]; stalled[0] != 0 || stalled[3] == 0 {
			t.Errorf("without latency, and then in a stall, it took %v", stalled)
		}
	})
}

func TestNothingIsToldOfCallersWhoGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n told
		s := subject{New(Options{Injected: n.injected, Latency: map[string]Latency{"": {Median: time.Minute}}}), nil}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, prefix+"/runs", nil))
		if len(n.of) > 0 {
			t.Errorf("told %v", n.of)
		}
	})
}
