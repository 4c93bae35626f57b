package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestNewServerHasNothingButTheDefaultExperiment(t *testing.T) {
	s := newSubject(Options{})
	experiments := get[listed](t, s, "/experiments", nil)
	if experiments.TotalSize != 1 || experiments.Experiments[0].Name != "Default" {
		t.Errorf("it has experiments %+v", experiments)
	}
	if runs := get[listed](t, s, "/runs", nil); runs.TotalSize != 0 {
		t.Errorf("it has runs %+v", runs)
	}
}

func TestTwoServersShareNothing(t *testing.T) {
	one, other := newSubject(Options{}), newSubject(Options{})
	one.pipeline(t, waiting(""))
	post[listedRun](t, one, "/experiments", `{"display_name":"own"}`)
	if got := get[listed](t, other, "/experiments", nil); got.TotalSize != 1 || defaultID(t, one) == defaultID(t, other) {
		t.Errorf("the other server has %+v", got)
	}
}

func TestZeroOptionsAreAServerOnTheWallClock(t *testing.T) {
	s := subject{New(Options{}), nil}
	made := s.run(t, "one", s.pipeline(t, waiting("")))
	if age := time.Since(made.Created); age < 0 || age > time.Minute {
		t.Errorf("made %s ago", age)
	}
}

func TestHealthzTellsTheVersion(t *testing.T) {
	for version, want := range map[string]string{"": "sandbox", "2.5.0": "2.5.0"} {
		got := get[map[string]any](t, newSubject(Options{Version: version}), "/healthz", nil)
		if got["tag_name"] != want || got["multi_user"] != false {
			t.Errorf("version %q: healthz says %v", version, got)
		}
	}
}

func TestOnlyTheAPIIsServed(t *testing.T) {
	s := newSubject(Options{})
	for path, want := range map[string]int{
		"/nothing": http.StatusNotFound, "/pipelines/absent/versions": http.StatusNotFound, "": http.StatusNotFound,
	} {
		if status, _, _ := s.ask(http.MethodGet, path, nil, nil); status != want {
			t.Errorf("%s: answered %d", path, status)
		}
	}
	if status, _, _ := s.ask(http.MethodDelete, "/runs", nil, nil); status != http.StatusMethodNotAllowed {
		t.Errorf("answered %d to what it does not do", status)
	}
}

// operations has a request of each, all of them good.
func operations(t *testing.T, s subject) map[string]func() (int, string, string) {
	t.Helper()
	id := s.pipeline(t, waiting(`duration: "1"`))
	ask := func(method, path, body string) func() (int, string, string) {
		return func() (int, string, string) { return s.ask(method, path, nil, strings.NewReader(body)) }
	}
	return map[string]func() (int, string, string){
		"GetHealthz":           ask(http.MethodGet, "/healthz", ""),
		"ListExperiments":      ask(http.MethodGet, "/experiments", ""),
		"CreateExperiment":     ask(http.MethodPost, "/experiments", `{"display_name":"own"}`),
		"ListPipelineVersions": ask(http.MethodGet, "/pipelines/"+id+"/versions", ""),
		"ListRuns":             ask(http.MethodGet, "/runs", ""),
		"CreateRun": ask(http.MethodPost, "/runs",
			`{"display_name":"one","pipeline_version_reference":{"pipeline_id":"`+id+`"}}`),
		"UploadPipeline": func() (int, string, string) { return s.upload(t, "two", "one.yaml", []byte(waiting(""))) },
	}
}

func TestFaultTakesThePlaceOfTheAnswer(t *testing.T) {
	var faulty atomic.Bool
	var asked []string
	s := newSubject(Options{Fault: func(operation string) (int, bool) {
		if faulty.Load() {
			asked = append(asked, operation)
		}
		return http.StatusServiceUnavailable, faulty.Load()
	}})
	all := operations(t, s)
	for operation, send := range all {
		faulty.Store(true)
		asked = nil
		status, contentType, answer := send()
		wantType, wantShape := "application/json", `"message":"a fault that was asked for"`
		if operation == "UploadPipeline" {
			wantType, wantShape = "text/plain; charset=utf-8", `"error_message":"a fault that was asked for"`
		}
		if status != http.StatusServiceUnavailable || contentType != wantType || !strings.Contains(answer, wantShape) {
			t.Errorf("%s: answered %d %s %s", operation, status, contentType, answer)
		}
		if len(asked) != 1 || asked[0] != operation {
			t.Errorf("%s: was asked for faults of %q", operation, asked)
		}
		// What failed was not done: it can be done now.
		faulty.Store(false)
		if status, _, answer := send(); status != http.StatusOK {
			t.Errorf("%s without a fault: answered %d %s", operation, status, answer)
		}
	}
	if runs := get[listed](t, s, "/runs", nil); runs.TotalSize != 1 {
		t.Errorf("there are %d runs, want 1", runs.TotalSize)
	}
}

func TestRefusalHasTheShapeOfKFPs(t *testing.T) {
	s := newSubject(Options{})
	post[listedRun](t, s, "/experiments", `{"display_name":"own"}`)
	status, contentType, answer := s.ask(http.MethodPost, "/experiments", nil, strings.NewReader(`{"display_name":"own"}`))
	var told struct {
		Error, Message string
		Code           int
		Details        []map[string]any
	}
	if err := json.Unmarshal([]byte(answer), &told); err != nil {
		t.Fatal(err)
	}
	if status != http.StatusConflict || contentType != "application/json" || told.Code != 6 || told.Message == "" ||
		told.Error != told.Message || len(told.Details) != 1 || told.Details[0]["@type"] == nil {
		t.Errorf("answered %d %s %s", status, contentType, answer)
	}
	if status, _, answer := s.upload(t, "own", "one.yaml", []byte(waiting(""))); status != http.StatusOK {
		t.Errorf("a pipeline of an experiment's name: answered %d %s", status, answer)
	}
	status, contentType, answer = s.upload(t, "OWN ", "one.yaml", []byte(waiting("")))
	if status != http.StatusInternalServerError || contentType != "text/plain; charset=utf-8" || !strings.Contains(answer, "error_details") {
		t.Errorf("answered %d %s %s", status, contentType, answer)
	}
}

func TestManyCallersAtTheSameTime(t *testing.T) {
	const callers = 8
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(`duration: "1"`))
	var made atomic.Int32
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			if status, _, _ := s.ask(http.MethodPost, "/experiments", nil, strings.NewReader(`{"display_name":"own"}`)); status == http.StatusOK {
				made.Add(1)
			}
			if status, _, _ := s.upload(t, "own", "one.yaml", []byte(waiting(""))); status == http.StatusOK {
				made.Add(1)
			}
			for i := range 10 {
				body := fmt.Sprintf(`{"display_name":"%d-%d","pipeline_version_reference":{"pipeline_id":"%s"}}`, caller, i, pipeline)
				if status, _, answer := s.ask(http.MethodPost, "/runs", nil, strings.NewReader(body)); status != http.StatusOK {
					t.Error(status, answer)
				}
				s.clock.advance(100 * time.Millisecond)
				if status, _, answer := s.ask(http.MethodGet, "/runs?page_size=200", nil, nil); status != http.StatusOK {
					t.Error(status, answer)
				}
			}
		})
	}
	group.Wait()
	if made.Load() != 2 {
		t.Errorf("one name of experiments and one of pipelines were given %d times", made.Load())
	}
	ids := map[string]bool{}
	for _, r := range get[listed](t, s, "/runs", url.Values{"page_size": {"200"}}).Runs {
		ids[r.ID] = true
	}
	if len(ids) != callers*10 {
		t.Errorf("%d runs have %d ids", callers*10, len(ids))
	}
}
