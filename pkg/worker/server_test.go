package worker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// request is what the server saw of a call.
type request struct {
	method, path string
	query        url.Values
	body         string
}

// server is a KFP API server as the wire shows it, for faults that the sandbox does not have. Its runs end
// after they were listed often enough.
type server struct {
	multiUser bool
	// looksToEnd is how many lists of a run it takes to end it.
	looksToEnd int
	// intercept may answer a request instead of the server; it reports whether it did.
	intercept func(http.ResponseWriter, request) bool

	mu       sync.Mutex
	requests []request
	runs     map[string]*serverRun
	uploads  map[string]string // content by pipeline name
	names    map[string]string // experiment id by name
}

type serverRun struct {
	ID           string    `json:"run_id"`
	Name         string    `json:"display_name"`
	State        string    `json:"state,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	FinishedAt   time.Time `json:"finished_at"`
	ExperimentID string    `json:"experiment_id"`
	looks        int
}

func newServer(t *testing.T) *server {
	t.Helper()
	return &server{
		looksToEnd: 2, runs: map[string]*serverRun{}, uploads: map[string]string{}, names: map[string]string{},
	}
}

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(time.Millisecond) // an answer that takes no time has no latency
	body, _ := io.ReadAll(r.Body)
	seen := request{r.Method, strings.TrimPrefix(r.URL.Path, "/apis/v2beta1"), r.URL.Query(), string(body)}
	s.mu.Lock()
	s.requests = append(s.requests, seen)
	s.mu.Unlock()
	if s.intercept != nil && s.intercept(w, seen) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, ok := s.answer(seen, r.Header.Get("Content-Type"))
	if !ok {
		w.WriteHeader(http.StatusNotFound)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// answer is what a KFP would say. The lock is held.
func (s *server) answer(r request, contentType string) (any, bool) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	switch {
	case r.path == "/healthz":
		return map[string]any{"multi_user": s.multiUser}, true
	case r.path == "/pipelines/upload":
		s.uploads[r.query.Get("name")] = uploaded(r.body, contentType)
		return map[string]any{
			"pipeline_id": "pipeline-1", "display_name": r.query.Get("name"), "created_at": at,
		}, true
	case strings.HasPrefix(r.path, "/pipelines/"):
		return map[string]any{"pipeline_versions": []any{
			map[string]any{"pipeline_id": "pipeline-1", "pipeline_version_id": "version-1", "created_at": at},
		}, "total_size": 1}, true
	case r.path == "/experiments" && r.method == http.MethodPost:
		var e struct {
			DisplayName string `json:"display_name"`
		}
		_ = json.Unmarshal([]byte(r.body), &e)
		s.names[e.DisplayName] = fmt.Sprintf("experiment-%d", len(s.names)+1)
		return map[string]any{"experiment_id": s.names[e.DisplayName], "display_name": e.DisplayName}, true
	case r.path == "/experiments":
		if id, ok := s.names[predicates(r)[0].StringValue]; ok {
			return map[string]any{"experiments": []any{map[string]any{"experiment_id": id}}, "total_size": 1}, true
		}
		return map[string]any{}, true
	case r.path == "/runs" && r.method == http.MethodPost:
		return s.create(r.body), true
	case r.path == "/runs":
		return s.list(r), true
	}
	return map[string]any{"code": 5, "message": "no such resource"}, false
}

// create makes a run. The lock is held.
func (s *server) create(body string) *serverRun {
	run := &serverRun{}
	_ = json.Unmarshal([]byte(body), run)
	// A client's times and states mean nothing; the generated one sends a created_at of the year 1.
	run.ID, run.State = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(s.runs)+1), "PENDING"
	run.CreatedAt, run.FinishedAt = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Time{}
	s.runs[run.ID] = run
	return run
}

// list returns the runs that the filter names, and moves them on.
func (s *server) list(r request) any {
	var found []any
	for _, run := range s.runs {
		for _, p := range predicates(r) {
			if run.Name != p.StringValue && !slices.Contains(p.StringValues.Values, run.ID) {
				continue
			}
			switch run.looks++; {
			case run.looks >= s.looksToEnd:
				run.State, run.FinishedAt = "SUCCEEDED", run.CreatedAt.Add(41*time.Second)
			case run.looks > 0:
				run.State = "RUNNING"
			}
			found = append(found, *run)
		}
	}
	return map[string]any{"runs": found, "total_size": len(found)}
}

// sawOf returns the requests to a path.
func (s *server) sawOf(method, path string) []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r request) bool {
		return r.method != method || r.path != path
	})
}

// predicate is one condition of a list's filter.
type predicate struct {
	Key          string `json:"key"`
	Operation    string `json:"operation"`
	StringValue  string `json:"string_value"`
	StringValues struct {
		Values []string `json:"values"`
	} `json:"string_values"`
}

func predicates(r request) []predicate {
	var filter struct {
		Predicates []predicate `json:"predicates"`
	}
	_ = json.Unmarshal([]byte(r.query.Get("filter")), &filter)
	return append(filter.Predicates, predicate{StringValue: "no such name"})
}

// uploaded returns the file of a multipart body.
func uploaded(body, contentType string) string {
	r := &http.Request{
		Method: http.MethodPost, Header: http.Header{"Content-Type": {contentType}},
		Body: io.NopCloser(bytes.NewBufferString(body)),
	}
	file, _, err := r.FormFile("uploadfile")
	if err != nil {
		return err.Error()
	}
	content, _ := io.ReadAll(file)
	return string(content)
}

// refuse answers with a KFP error.
func refuse(w http.ResponseWriter, status int, message string) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"code": 13, "message": message, "details": []any{}})
	return true
}

// hangUp ends the connection without an answer.
func hangUp(http.ResponseWriter) bool { panic(http.ErrAbortHandler) }
