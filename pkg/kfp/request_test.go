package kfp

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"testing"
)

// sent is a call and what it has to send. KFP 2.17 refuses fields that it does not know, so a body is
// compared whole.
type sent struct {
	name         string
	call         func(context.Context, *Client) error
	answer       string
	method, path string
	query        url.Values
	body         string
}

const (
	noTime      = `"0001-01-01T00:00:00.000Z"`
	noRunTimes  = `"created_at":` + noTime + `,"scheduled_at":` + noTime + `,"finished_at":` + noTime
	experiments = "/apis/v2beta1/experiments"
	runs        = "/apis/v2beta1/runs"
)

// calls has every call of the API once or more, uploads apart.
func calls() []sent {
	return []sent{
		{
			name: "health", answer: `{}`, method: http.MethodGet, path: "/apis/v2beta1/healthz", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { _, err := c.Health(ctx); return err },
		},
		{
			name: "experiment of a single-user server", answer: `{"experiment_id":"e"}`,
			method: http.MethodPost, path: experiments, query: url.Values{},
			body: `{"display_name":"load","created_at":` + noTime + `}`,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.CreateExperiment(ctx, NewExperiment{Name: "load"})
				return err
			},
		},
		{
			name: "experiment of a namespace", answer: `{"experiment_id":"e"}`,
			method: http.MethodPost, path: experiments, query: url.Values{},
			body: `{"display_name":"load","namespace":"team","description":"ours","created_at":` + noTime + `}`,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.CreateExperiment(ctx, NewExperiment{Name: "load", Namespace: "team", Description: "ours"})
				return err
			},
		},
		{
			name: "search of an experiment", answer: `{}`, method: http.MethodGet, path: experiments,
			query: url.Values{"namespace": {"team"}, "filter": {equals("load")}},
			call: func(ctx context.Context, c *Client) error {
				_, _, err := c.FindExperiment(ctx, "load", "team")
				return err
			},
		},
		{
			name: "run with nothing but a name and a version", answer: `{"run_id":"r"}`,
			method: http.MethodPost, path: runs, query: url.Values{},
			body: `{"display_name":"one","pipeline_version_reference":{"pipeline_id":"p","pipeline_version_id":"v"},` +
				noRunTimes + `,"state_history":null}`,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.CreateRun(ctx, NewRun{Name: "one", PipelineID: "p", VersionID: "v"})
				return err
			},
		},
		{
			name: "run with everything", answer: `{"run_id":"r"}`, method: http.MethodPost, path: runs, query: url.Values{},
			body: `{"display_name":"one","description":"ours","experiment_id":"e","service_account":"editor",` +
				`"pipeline_version_reference":{"pipeline_id":"p","pipeline_version_id":"v"},` +
				`"runtime_config":{"parameters":{"text":"<b>","number":1.5,"list":[true,null],"map":{"k":"v"}}},` +
				noRunTimes + `,"state_history":null}`,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.CreateRun(ctx, NewRun{
					Name: "one", PipelineID: "p", VersionID: "v", ExperimentID: "e", ServiceAccount: "editor", Description: "ours",
					Params: map[string]any{
						"text": "<b>", "number": 1.5, "list": []any{true, nil}, "map": map[string]any{"k": "v"},
					},
				})
				return err
			},
		},
		{
			name: "runs by id", answer: `{}`, method: http.MethodGet, path: runs,
			query: url.Values{"page_size": {"200"}, "filter": {
				`{"predicates":[{"key":"run_id","operation":"IN","string_values":{"values":["a","b"]}}]}`,
			}},
			call: func(ctx context.Context, c *Client) error {
				_, err := c.ListRunsByID(ctx, "", []string{"a", "b"})
				return err
			},
		},
		{
			name: "run by name", answer: `{}`, method: http.MethodGet, path: runs,
			query: url.Values{"page_size": {"200"}, "namespace": {"team"}, "filter": {equals("one")}},
			call: func(ctx context.Context, c *Client) error {
				_, _, err := c.FindRunByName(ctx, "team", "one")
				return err
			},
		},
	}
}

func equals(name string) string {
	return `{"predicates":[{"key":"display_name","operation":"EQUALS","string_value":"` + name + `"}]}`
}

func TestEachCallSendsWhatBothVersionsUnderstand(t *testing.T) {
	for _, c := range calls() {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, ok(c.answer))
			if err := c.call(t.Context(), to(t, s, Config{UserAgent: "kfpperf/1"})); err != nil {
				t.Fatal(err)
			}
			got := s.only(t)
			if got.method != c.method || got.path != c.path || !reflect.DeepEqual(got.query, c.query) {
				t.Errorf("sent %s %s %v\nwant %s %s %v", got.method, got.path, got.query, c.method, c.path, c.query)
			}
			if !sameJSON(t, string(got.body), c.body) {
				t.Errorf("sent %s\nwant %s", got.body, c.body)
			}
			if got.header.Get("User-Agent") != "kfpperf/1" || got.header.Get("Accept") != "application/json" {
				t.Errorf("headers %v", got.header)
			}
		})
	}
}

func TestNoIdentityIsMadeUp(t *testing.T) {
	for _, c := range calls() {
		s := serve(t, ok(c.answer))
		if err := c.call(t.Context(), to(t, s, Config{})); err != nil {
			t.Fatal(err)
		}
		header := s.only(t).header
		for _, name := range []string{"Kubeflow-Userid", "Authorization", "Cookie"} {
			if values, found := header[name]; found {
				t.Errorf("%s: sent %s: %q", c.name, name, values)
			}
		}
	}
}

func TestPathOfTheURLStaysInFront(t *testing.T) {
	for _, path := range []string{"/proxy/http:ml-pipeline:8888/proxy", "/pipeline/", "/a b"} {
		s := serve(t, ok(`{}`))
		if _, err := to(t, s, Config{BaseURL: s.URL + path}).Health(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := (&url.URL{Path: path}).JoinPath("apis/v2beta1/healthz").EscapedPath()
		if got := s.only(t).path; got != want {
			t.Errorf("with %q: sent to %s, want %s", path, got, want)
		}
	}
}

func TestFilterSurvivesBeingDecodedTwice(t *testing.T) {
	const name = `50% + "half"\ äé 100%2B`
	s := serve(t, ok(`{}`))
	if _, _, err := to(t, s, Config{}).FindRunByName(t.Context(), "", name); err != nil {
		t.Fatal(err)
	}
	twice, err := url.QueryUnescape(s.only(t).query.Get("filter"))
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(t, twice, equals(`50% + \"half\"\\ äé 100%2B`)) {
		t.Errorf("the server reads %s", twice)
	}
}

// sameJSON reports whether two documents say the same; two empty ones do.
func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	if a == "" || b == "" {
		return a == b
	}
	var left, right any
	if err := json.Unmarshal([]byte(a), &left); err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	if err := json.Unmarshal([]byte(b), &right); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return reflect.DeepEqual(left, right)
}
