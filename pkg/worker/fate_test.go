package worker

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestARunWhoseCreateCallHadNoAnswerIsFound(t *testing.T) {
	for name, unanswered := range map[string]func(http.ResponseWriter) bool{
		"connection lost": hangUp,
		"gateway timeout": func(w http.ResponseWriter) bool { return refuse(w, http.StatusGatewayTimeout, "upstream") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t)
				s.intercept = func(w http.ResponseWriter, r request) bool {
					if r.method != http.MethodPost || r.path != "/runs" || !strings.Contains(r.body, "-1-2") {
						return false
					}
					s.mu.Lock()
					s.create(r.body)
					s.mu.Unlock()
					return unanswered(w)
				}
				d := run(t, options(t, s, entry(scenario.PipelineRun, 3)))
				if got := d.Entries[0].Counts; got != (result.Counts{Planned: 3, Succeeded: 3}) {
					t.Errorf("counts %+v", got)
				}
				adopted := d.Entries[0].Runs[1]
				if adopted.ID == "" || adopted.Error == "" || !adopted.Created.IsZero() || adopted.State != "SUCCEEDED" {
					t.Errorf("the run is %+v", adopted)
				}
				if len(s.sawOf(http.MethodPost, "/runs")) != 3 || len(s.runs) != 3 {
					t.Errorf("%d create calls made %d runs", len(s.sawOf(http.MethodPost, "/runs")), len(s.runs))
				}
				if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "1 of 3 runs had no answer") {
					t.Errorf("warnings %q", d.Warnings)
				}
			})
		})
	}
}

func TestARunThatIsNotFoundIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.intercept = func(w http.ResponseWriter, r request) bool {
			return r.method == http.MethodPost && r.path == "/runs" && strings.Contains(r.body, "-1-2") && hangUp(w)
		}
		d := run(t, options(t, s, entry(scenario.PipelineRun, 3)))
		if got := d.Entries[0].Counts; got != (result.Counts{Planned: 3, Errors: 1, Succeeded: 2}) {
			t.Errorf("counts %+v", got)
		}
		if r := d.Entries[0].Runs[1]; r.ID != "" || r.Error == "" {
			t.Errorf("the run is %+v", r)
		}
	})
}

func TestAnOutageOfListsEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		var lists atomic.Int32
		s.intercept = func(w http.ResponseWriter, r request) bool {
			n := int32(0)
			if r.method == http.MethodGet && r.path == "/runs" {
				n = lists.Add(1)
			}
			return n >= 2 && n <= 6 && refuse(w, http.StatusServiceUnavailable, "restarting")
		}
		o := options(t, s, entry(scenario.PipelineRun, 2))
		d := run(t, o)
		if d.Entries[0].Counts.Succeeded != 2 || d.Verdict.Status != result.Passed {
			t.Errorf("counts %+v, verdict %+v", d.Entries[0].Counts, d.Verdict)
		}
		var failed int64
		for _, n := range callsOf(d, "ListRuns").Errors {
			failed += n
		}
		if failed != 5 || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "5 of ") {
			t.Errorf("%d failed lists, warnings %q", failed, d.Warnings)
		}
	})
}

func TestACreateCallThatTheEndCutsOffIsDoubtful(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.method != http.MethodPost || r.path != "/runs" {
				return false
			}
			cancel()
			return hangUp(w)
		}
		d := runUntil(ctx, t, options(t, s, entry(scenario.PipelineRun, 1)))
		if d.Entries[0].Counts != (result.Counts{Planned: 1, Errors: 1}) || d.Verdict.Status != result.Invalid {
			t.Errorf("counts %+v, verdict %+v", d.Entries[0].Counts, d.Verdict)
		}
		if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "1 of 1 runs had no answer to their create call and may exist") {
			t.Errorf("warnings %q", d.Warnings)
		}
	})
}

func TestDrainEndsTheWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.method != http.MethodPost || r.path != "/runs" || strings.Contains(r.body, "-1-1") {
				return false
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			endless := s.create(r.body)
			endless.looks = -1 << 30
			_ = json.NewEncoder(w).Encode(endless)
			return true
		}
		o := options(t, s, entry(scenario.PipelineRun, 3))
		o.Document.Entries[0].RunTime = scenario.Duration(300 * time.Millisecond)
		o.Drain = 20 * time.Millisecond
		d := run(t, o)
		if got := d.Entries[0].Counts; got != (result.Counts{Planned: 3, Succeeded: 1, Unfinished: 2}) {
			t.Errorf("counts %+v", got)
		}
		if took := d.Finished.Sub(d.Started); took < 320*time.Millisecond {
			t.Errorf("gave up after %v, before runTime and drain were over", took)
		}
		if r := d.Entries[0].Runs[1]; r.State != "PENDING" || !r.Terminal.IsZero() {
			t.Errorf("the unfinished run is %+v", r)
		}
		if d.Verdict.Status != result.Invalid || !strings.Contains(d.Verdict.Reasons[0], "raise the drain") || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "2 of 3 runs had not ended") {
			t.Errorf("verdict %+v, warnings %q", d.Verdict, d.Warnings)
		}
	})
}

func TestARunThatVanishesIsUnfinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.method != http.MethodPost || r.path != "/runs" || !strings.Contains(r.body, "-1-1") {
				return false
			}
			_ = json.NewEncoder(w).Encode(serverRun{ID: "00000000-0000-4000-8000-999999999999", State: "PENDING"})
			return true
		}
		d := run(t, options(t, s, entry(scenario.PipelineRun, 2)))
		if got := d.Entries[0].Counts; got != (result.Counts{Planned: 2, Succeeded: 1, Unfinished: 1}) {
			t.Errorf("counts %+v", got)
		}
		if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "1 of 2 runs vanished") {
			t.Errorf("warnings %q", d.Warnings)
		}
	})
}

func TestFailedRunsAreCountedAsSuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.method == http.MethodGet && r.path == "/runs" {
				s.mu.Lock()
				defer s.mu.Unlock()
				for _, run := range s.runs {
					run.State = map[bool]string{true: "FAILED", false: ""}[run.looks > 0]
					run.looks++
				}
				_ = json.NewEncoder(w).Encode(map[string]any{"runs": []any{s.runs[predicates(r)[0].StringValues.Values[0]]}})
				return true
			}
			return false
		}
		d := run(t, options(t, s, entry(scenario.PipelineRun, 1)))
		if d.Entries[0].Counts != (result.Counts{Planned: 1, Failed: 1}) || d.Verdict.Status != result.Failed {
			t.Errorf("counts %+v, verdict %+v", d.Entries[0].Counts, d.Verdict)
		}
	})
}

func TestParamsReachTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		e := entry(scenario.PipelineRun, 1)
		e.Params = map[string]any{"a": 1.5, "b": "two", "c": []any{true}}
		run(t, options(t, s, e))
		var sent struct {
			RuntimeConfig struct {
				Parameters map[string]any `json:"parameters"`
			} `json:"runtime_config"`
		}
		if err := json.Unmarshal([]byte(s.sawOf(http.MethodPost, "/runs")[0].body), &sent); err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(sent.RuntimeConfig.Parameters)
		if string(got) != `{"a":1.5,"b":"two","c":[true]}` {
			t.Errorf("the server got %s", got)
		}
	})
}

func TestCachingIsSwitchedOffBeforeTheUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for disable, want := range map[bool]string{true: strings.Replace(noop, "true", "false", 1), false: noop} {
			s := newServer(t)
			o := options(t, s, entry(scenario.PipelineRun, 1))
			o.DisableCache = disable
			d := run(t, o)
			if got := s.uploads["smoke-9k2d-1-noop"]; got != want || len(d.Warnings) != 0 {
				t.Errorf("disable %v: uploaded %q, warnings %q", disable, got, d.Warnings)
			}
		}
		s := newServer(t)
		o := options(t, s, entry(scenario.PipelineRun, 1))
		o.DisableCache = true
		o.Document.Pipelines["noop.yaml"] = []byte("kind: Workflow\n")
		if d := run(t, o); len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "caching was left as noop.yaml has it") {
			t.Errorf("warnings %q", d.Warnings)
		}
	})
}

func TestTheImageIsPlacedInWhatIsUploaded(t *testing.T) {
	s := newServer(t)
	o := options(t, s, entry(scenario.PipelineRun, 1))
	o.Image = "registry.example.com/kfpperf:v1"
	o.Document.Pipelines["noop.yaml"] = []byte(noop + "# kfpperf.invalid/image:placed-at-upload\n")
	run(t, o)
	if got := s.uploads["smoke-9k2d-1-noop"]; !strings.HasSuffix(got, "# "+o.Image+"\n") {
		t.Errorf("uploaded %q", got)
	}
}
