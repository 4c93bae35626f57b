package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// as asks with a token; none when it is empty.
func (s subject) as(token, method, path, message string) (int, string) {
	header := http.Header{}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	status, _, answer := s.ask(method, path, header, strings.NewReader(message))
	return status, answer
}

// multiUser returns a server of two users, one of whom may use two namespaces, and ids of what is in the first
// one's.
func multiUser(t *testing.T) (s subject, experiment, pipeline, run, recurring string) {
	t.Helper()
	s = newSubject(Options{MultiUser: true, Tokens: map[string][]string{"a": {"ns-a", "ns-c"}, "b": {"ns-b"}}})
	made := func(status int, answer string) listedRun {
		return read[listedRun](t, status, "application/json", answer)
	}
	experiment = made(s.as("a", http.MethodPost, "/experiments", `{"display_name":"own","namespace":"ns-a"}`)).Experiment
	status, contentType, answer := s.uploadTo(t, "/pipelines/upload?namespace=ns-a&name=own", "a", "one.yaml", []byte(waiting("")))
	pipeline = read[struct {
		ID string `json:"pipeline_id"`
	}](t, status, contentType, answer).ID
	asked := recurringBody(pipeline, everyMinute, `"experiment_id":"`+experiment+`"`)
	status, answer = s.as("a", http.MethodPost, "/recurringruns", asked)
	recurring = read[listedRecurring](t, status, "application/json", answer).ID
	run = made(s.as("a", http.MethodPost, "/runs", `{"display_name":"one","experiment_id":"`+experiment+
		`","pipeline_version_reference":{"pipeline_id":"`+pipeline+`"}}`)).ID
	return s, experiment, pipeline, run, recurring
}

func TestEverybodyUsesOnlyTheirNamespaces(t *testing.T) {
	s, experiment, pipeline, run, recurring := multiUser(t)
	version := ""
	for _, request := range []struct{ method, path, message string }{
		{http.MethodGet, "/experiments/" + experiment, ""},
		{http.MethodGet, "/experiments?namespace=ns-a", ""},
		{http.MethodPost, "/experiments", `{"display_name":"other","namespace":"ns-a"}`},
		{http.MethodGet, "/pipelines/" + pipeline, ""},
		{http.MethodGet, "/pipelines?namespace=ns-a", ""},
		{http.MethodGet, "/pipelines/" + pipeline + "/versions", ""},
		{http.MethodGet, "/pipelines/" + pipeline + "/versions/", ""},
		{http.MethodPost, "/runs", `{"display_name":"two","experiment_id":"` + experiment + `","pipeline_version_reference":{"pipeline_id":"` + pipeline + `"}}`},
		{http.MethodGet, "/runs/" + run, ""},
		{http.MethodGet, "/runs?namespace=ns-a", ""},
		{http.MethodGet, "/runs?experiment_id=" + experiment, ""},
		{http.MethodGet, "/recurringruns/" + recurring, ""},
		{http.MethodGet, "/recurringruns?namespace=ns-a", ""},
		{http.MethodGet, "/recurringruns?experiment_id=" + experiment, ""},
		{http.MethodPost, "/recurringruns/" + recurring + ":disable", ""},
		{http.MethodPost, "/recurringruns/" + recurring + ":enable", ""},
		{http.MethodPost, "/recurringruns", recurringBody(pipeline, everyMinute, `"experiment_id":"`+experiment+`"`)},
		{http.MethodPost, "/runs/" + run + ":terminate", ""},
		{http.MethodDelete, "/recurringruns/" + recurring, ""},
		{http.MethodDelete, "/runs/" + run, ""},
		{http.MethodDelete, "/pipelines/" + pipeline + "/versions/", ""},
		{http.MethodDelete, "/pipelines/" + pipeline, ""},
		{http.MethodDelete, "/experiments/" + experiment, ""},
	} {
		if strings.HasSuffix(request.path, "/versions/") {
			request.path += version
		}
		// In this order: the last one does it.
		for _, caller := range []struct {
			token  string
			status int
			says   string
		}{
			{"", http.StatusUnauthorized, `"code":16`}, {"c", http.StatusUnauthorized, `"code":16`},
			{"b", http.StatusForbidden, `"code":7`}, {"a", http.StatusOK, ""},
		} {
			status, answer := s.as(caller.token, request.method, request.path, request.message)
			if status != caller.status || !strings.Contains(answer, caller.says) {
				t.Errorf("%q %s %s: answered %d %.200s, want %d", caller.token, request.method, request.path, status, answer, caller.status)
			}
			if strings.HasSuffix(request.path, "/versions") && status == http.StatusOK {
				_, rest, _ := strings.Cut(answer, `"pipeline_version_id":"`)
				version, _, _ = strings.Cut(rest, `"`)
			}
		}
	}
}

func TestListsOfAMultiUserServerAreOfANamespace(t *testing.T) {
	s, _, _, run, recurring := multiUser(t)
	for path, id := range map[string]string{"/runs": run, "/recurringruns": recurring, "/experiments": "own", "/pipelines": "own"} {
		if status, answer := s.as("a", http.MethodGet, path+"?namespace=ns-a", ""); status != http.StatusOK || !strings.Contains(answer, id) {
			t.Errorf("%s: answered %d %.200s", path, status, answer)
		}
		if status, answer := s.as("a", http.MethodGet, path+"?namespace=ns-c", ""); status != http.StatusOK || answer != "{}" {
			t.Errorf("%s of another namespace: answered %d %.200s", path, status, answer)
		}
		status, answer := s.as("a", http.MethodGet, path, "")
		if path == "/pipelines" { // those that are shared
			if status != http.StatusOK || answer != "{}" {
				t.Errorf("%s of none: answered %d %.200s", path, status, answer)
			}
		} else if status != http.StatusBadRequest {
			t.Errorf("%s of no namespace: answered %d %.200s", path, status, answer)
		}
	}
}

func TestMultiUserServerHasNoDefaultExperiment(t *testing.T) {
	s, _, pipeline, _, _ := multiUser(t)
	for path, message := range map[string]string{
		"/runs":          `{"display_name":"one","pipeline_version_reference":{"pipeline_id":"` + pipeline + `"}}`,
		"/recurringruns": recurringBody(pipeline, everyMinute),
		"/experiments":   `{"display_name":"one"}`,
	} {
		if status, answer := s.as("a", http.MethodPost, path, message); status != http.StatusBadRequest {
			t.Errorf("%s: answered %d %.200s", path, status, answer)
		}
	}
	if got := get[map[string]any](t, s, "/healthz", nil); got["multi_user"] != true {
		t.Errorf("healthz says %v to anybody", got)
	}
}

// What is not there is told before who asks is known.
func TestAbsenceIsToldToAnybody(t *testing.T) {
	s, _, _, _, _ := multiUser(t)
	for _, path := range []string{"/experiments/absent", "/pipelines/absent", "/runs/absent", "/recurringruns/absent"} {
		s.expect(t, http.StatusNotFound, http.MethodGet, path, "")
	}
}

func TestNamesAreOfANamespace(t *testing.T) {
	s, _, _, _, _ := multiUser(t)
	for namespace, want := range map[string]int{"ns-a": http.StatusConflict, "ns-c": http.StatusOK} {
		if status, answer := s.as("a", http.MethodPost, "/experiments", `{"display_name":"own","namespace":"`+namespace+`"}`); status != want {
			t.Errorf("an experiment in %s: answered %d %.200s", namespace, status, answer)
		}
	}
	for query, want := range map[string]int{
		"namespace=ns-a": http.StatusInternalServerError, "namespace=ns-c": http.StatusOK,
		"namespace=ns-b": http.StatusBadRequest, "": http.StatusOK, // shared with everybody
	} {
		status, _, answer := s.uploadTo(t, "/pipelines/upload?name=own&"+query, "a", "one.yaml", []byte(waiting("")))
		if status != want {
			t.Errorf("a pipeline in %q: answered %d %.200s, want %d", query, status, answer, want)
		}
	}
	shared := get[struct {
		Total int `json:"total_size"`
	}](t, s, "/pipelines", url.Values{})
	if shared.Total != 1 {
		t.Errorf("everybody sees %d pipelines", shared.Total)
	}
}
