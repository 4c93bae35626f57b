package worker

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestAServerThatCannotBeUsed(t *testing.T) {
	answer := func(path string, status int, text string) func(http.ResponseWriter, request) bool {
		return func(w http.ResponseWriter, r request) bool {
			return r.method == http.MethodGet && r.path == path && refuse(w, status, text)
		}
	}
	for _, test := range []struct {
		name      string
		intercept func(http.ResponseWriter, request) bool
		multiUser bool
		cause     string
		remedy    string
	}{
		{"no endpoints", answer("/healthz", 503, "no healthy upstream"), false, "KFP cannot be reached at http://", "--kfp-url"},
		{"no answer", func(w http.ResponseWriter, _ request) bool { return hangUp(w) }, false, "KFP cannot be reached at http://", "API_HOST"},
		{"a policy in front", answer("/healthz", 403, "RBAC: access denied"), false, "does not let this worker through", "--kfp-url"},
		{"something else", answer("/healthz", 404, "not here"), false, "is not a working KFP API server", "--kfp-url"},
		{"no identity", answer("/runs", 401, "no token"), true, "was not told who calls", "--auth"},
		{"no right", answer("/runs", 403, "Verb:list"), true, "may not use KFP in namespace team", "--service-account"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				s.multiUser, s.intercept = test.multiUser, test.intercept
				o := options(t, s, entry(scenario.PipelineRun, 1))
				o.Emit = func(e handoff.Event) { t.Errorf("event %+v", e) }
				d, err := Run(t.Context(), o)
				var problem *handoff.Problem
				if !errors.As(err, &problem) || d != nil {
					t.Fatalf("result %v, error %v", d, err)
				}
				if !strings.Contains(problem.Cause, test.cause) || problem.Evidence == "" || !strings.Contains(problem.Remedy, test.remedy) {
					t.Errorf("problem %+v", problem)
				}
				if len(s.sawOf(http.MethodPost, "/pipelines/upload")) != 0 {
					t.Error("something was started all the same")
				}
			})
		})
	}
}

func TestAClosedPortIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(t, newServer(t), entry(scenario.PipelineRun, 1))
		port := &closedPort{}
		o.Client = clientOf(t, port)
		start := time.Now()
		_, err := Run(t.Context(), o)
		var problem *handoff.Problem
		if !errors.As(err, &problem) || !strings.HasPrefix(problem.Cause, "KFP cannot be reached at "+o.URL) {
			t.Fatalf("error %v", err)
		}
		if took := time.Since(start); port.calls != 11 || took != patience {
			t.Errorf("%d calls in %v", port.calls, took)
		}
	})
}

// closedPort is a transport to where nobody listens.
type closedPort struct{ calls int }

func (p *closedPort) RoundTrip(*http.Request) (*http.Response, error) {
	p.calls++
	return nil, syscall.ECONNREFUSED
}

func TestAServerThatComesUpIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		var n atomic.Int32
		s.intercept = func(w http.ResponseWriter, r request) bool { return n.Add(1) == 1 && hangUp(w) }
		o := options(t, s, entry(scenario.PipelineRun, 1))
		if d := run(t, o); d.Verdict.Status != result.Passed {
			t.Errorf("verdict %+v", d.Verdict)
		}
	})
}

func TestCancelledWhileReaching(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		d, err := Run(ctx, options(t, newServer(t), entry(scenario.PipelineRun, 1)))
		if d != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("result %v, error %v", d, err)
		}
	})
}

func TestMultiUserNamesTheNamespaceEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, exists := range []bool{false, true} {
			s := newServer(t)
			s.multiUser = true
			if exists {
				s.names["Default"] = "experiment-of-old"
			}
			d := run(t, options(t, s, entry(scenario.PipelineRun, 2), entry(scenario.Experiment, 2)))
			if d.Entries[0].Counts.Succeeded != 2 || d.Entries[1].Counts.Succeeded != 2 {
				t.Errorf("entries %+v", d.Entries)
			}
			if d.Server != (result.Server{URL: serverURL, MultiUser: true, Namespace: "team", Identity: "nobody", Version: d.Server.Version}) {
				t.Errorf("server %+v", d.Server)
			}
			if d.Entries[0].ExperimentID != s.names["Default"] || d.Entries[1].ExperimentID != s.names["smoke-9k2d-2"] {
				t.Errorf("experiments %v; entries %+v", s.names, d.Entries)
			}
			if exists && s.names["Default"] != "experiment-of-old" {
				t.Error("the default experiment was made again")
			}
			for _, r := range s.requests {
				listing := r.method == http.MethodGet && (r.path == "/runs" || r.path == "/experiments")
				if (listing || r.path == "/pipelines/upload") && r.query.Get("namespace") != "team" {
					t.Errorf("%s %s without the namespace: %v", r.method, r.path, r.query)
				}
				if r.path == "/experiments" && r.method == http.MethodPost && !strings.Contains(r.body, `"namespace":"team"`) {
					t.Errorf("an experiment without the namespace: %s", r.body)
				}
			}
			for _, run := range s.runs {
				if run.ExperimentID == "" {
					t.Errorf("%s has no experiment", run.Name)
				}
			}
		}
	})
}

func TestADefaultExperimentThatAnotherMadeIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.multiUser = true
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.method != http.MethodPost || r.path != "/experiments" {
				return false
			}
			s.mu.Lock()
			s.names["Default"] = "experiment-of-another"
			s.mu.Unlock()
			return refuse(w, http.StatusConflict, "already exists")
		}
		d := run(t, options(t, s, entry(scenario.PipelineRun, 1)))
		if d.Entries[0].ExperimentID != "experiment-of-another" || d.Entries[0].Failure != "" {
			t.Errorf("entry %+v", d.Entries[0])
		}
	})
}
