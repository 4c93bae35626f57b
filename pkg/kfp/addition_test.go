package kfp

import (
	"context"
	"net/http"
	"net/url"
)

// addition is a call on what exists already: unlike those of calls, some are posts whose answer says nothing,
// and some do not look at their answer.
type addition struct {
	sent
	operation string
	// drained says that the content of a success is not looked at.
	drained bool
}

const (
	pipelines     = "/apis/v2beta1/pipelines"
	recurringRuns = "/apis/v2beta1/recurringruns"
	escaped       = `{"predicates":[{"key":"display_name","operation":"EQUALS","string_value":"50\u0025 \u002b \"a\""}]}`
)

// additions has every call on lists, single things and recurring runs, once or more.
func additions() []addition {
	return append(append(listAdditions(), fetchAdditions()...), changeAdditions()...)
}

func listAdditions() []addition {
	everything := Query{
		Namespace: "team", ExperimentID: "e", PipelineID: "p/1", PageSize: 7, PageToken: "a+b/c==",
		SortBy: "created_at desc", Filter: `{"predicates":[{"key":"display_name","operation":"EQUALS","string_value":"50% + \"a\""}]}`,
	}
	of := func(more ...string) url.Values {
		query := url.Values{
			"page_size": {"7"}, "page_token": {"a+b/c=="}, "sort_by": {"created_at desc"}, "filter": {escaped},
		}
		for _, key := range more {
			query.Set(key, map[string]string{"namespace": "team", "experiment_id": "e"}[key])
		}
		return query
	}
	var all []addition
	for kind, list := range map[Kind]struct {
		path  string
		query url.Values
	}{
		Pipelines: {pipelines, of("namespace")}, PipelineVersions: {versions, of()},
		Experiments: {experiments, of("namespace")}, Runs: {runs, of("namespace", "experiment_id")},
		RecurringRuns: {recurringRuns, of("namespace", "experiment_id")},
	} {
		for _, q := range []Query{everything, {PipelineID: "p/1"}} {
			query := list.query
			if q != everything {
				query = url.Values{}
			}
			read := sent{name: "list of " + string(kind), answer: `{}`, method: http.MethodGet, path: list.path, query: query}
			read.call = func(ctx context.Context, c *Client) error { _, err := c.List(ctx, kind, q); return err }
			scan := read
			scan.name = "scan of " + string(kind)
			scan.call = func(ctx context.Context, c *Client) error { return c.Scan(ctx, kind, q) }
			all = append(all, addition{read, "List" + string(kind), false}, addition{scan, "List" + string(kind), true})
		}
	}
	return all
}

func fetchAdditions() []addition {
	var all []addition
	for kind, one := range map[Kind]struct{ operation, path string }{
		Pipelines: {"GetPipeline", pipelines + "/x%2F1"}, PipelineVersions: {"GetPipelineVersion", versions + "/x%2F1"},
		Experiments: {"GetExperiment", experiments + "/x%2F1"}, Runs: {"GetRun", runs + "/x%2F1"},
		RecurringRuns: {"GetRecurringRun", recurringRuns + "/x%2F1"},
	} {
		all = append(all, addition{sent{
			name: "fetch of " + string(kind), answer: `{}`, method: http.MethodGet, path: one.path, query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.Fetch(ctx, kind, "x/1", "p/1") },
		}, one.operation, true})
	}
	return all
}

// holds is the filter for what has a text in its name.
func holds(part string) string {
	return `{"predicates":[{"key":"display_name","operation":"IS_SUBSTRING","string_value":"` + part + `"}]}`
}

func changeAdditions() []addition {
	oldest := url.Values{
		"namespace": {"team"}, "experiment_id": {"e"}, "page_size": {"200"}, "sort_by": {"created_at asc"},
	}
	next := url.Values{
		"namespace": {"team"}, "experiment_id": {"e"}, "page_size": {"200"}, "sort_by": {"created_at asc"}, "page_token": {"t="},
	}
	return []addition{
		{sent{
			name: "recurring run with nothing more than it needs", answer: `{"recurring_run_id":"s"}`,
			method: http.MethodPost, path: recurringRuns, query: url.Values{},
			body: `{"display_name":"one","pipeline_version_reference":{"pipeline_id":"p","pipeline_version_id":"v"},` +
				`"max_concurrency":"10","mode":"ENABLE","trigger":{"cron_schedule":{"cron":"0 */5 * * * *"}}}`,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.CreateRecurringRun(ctx, NewRecurringRun{Name: "one", PipelineID: "p", VersionID: "v", Cron: "0 */5 * * * *"})
				return err
			},
		}, "CreateRecurringRun", false},
		{sent{
			name: "recurring run with everything", answer: `{"recurring_run_id":"s"}`,
			method: http.MethodPost, path: recurringRuns, query: url.Values{},
			body: `{"display_name":"one","description":"ours","experiment_id":"e","namespace":"team","service_account":"editor",` +
				`"pipeline_version_reference":{"pipeline_id":"p","pipeline_version_id":"v"},` +
				`"runtime_config":{"parameters":{"text":"<b>","number":1.5}},"max_concurrency":"3","mode":"ENABLE",` +
				`"no_catchup":true,"trigger":{"cron_schedule":{"cron":"@every 1h"}}}`,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.CreateRecurringRun(ctx, NewRecurringRun{
					Name: "one", PipelineID: "p", VersionID: "v", ExperimentID: "e", Namespace: "team", ServiceAccount: "editor", Description: "ours",
					Cron: "@every 1h", MaxConcurrency: 3, NoCatchup: true, Params: map[string]any{"text": "<b>", "number": 1.5},
				})
				return err
			},
		}, "CreateRecurringRun", false},
		{sent{
			name: "end of a schedule", answer: `{}`, method: http.MethodPost, path: recurringRuns + "/x%2F1:disable", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.DisableRecurringRun(ctx, "x/1") },
		}, "DisableRecurringRun", false},
		{sent{
			name: "deletion of a schedule", answer: `{}`, method: http.MethodDelete, path: recurringRuns + "/x%2F1", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.DeleteRecurringRun(ctx, "x/1") },
		}, "DeleteRecurringRun", false},
		{sent{
			name: "recurring runs of an experiment", answer: `{}`, method: http.MethodGet, path: recurringRuns, query: oldest,
			call: func(ctx context.Context, c *Client) error {
				_, err := c.ListRecurringRunsOf(ctx, "team", "e")
				return err
			},
		}, "ListRecurringRuns", false},
		{sent{
			name: "runs of an experiment", answer: `{}`, method: http.MethodGet, path: runs, query: next,
			call: func(ctx context.Context, c *Client) error {
				_, _, err := c.RunsOfExperiment(ctx, "team", "e", "t=")
				return err
			},
		}, "ListRuns", false},
		{sent{
			name: "end of a run", answer: `{}`, method: http.MethodPost, path: runs + "/x%2F1:terminate", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.TerminateRun(ctx, "x/1") },
		}, "TerminateRun", false},
		{sent{
			name: "deletion of a run", answer: `{}`, method: http.MethodDelete, path: runs + "/x%2F1", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.DeleteRun(ctx, "x/1") },
		}, "DeleteRun", false},
		{sent{
			name: "deletion of an experiment", answer: `{}`, method: http.MethodDelete, path: experiments + "/x%2F1", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.DeleteExperiment(ctx, "x/1") },
		}, "DeleteExperiment", false},
		{sent{
			name: "deletion of a version", answer: `{}`, method: http.MethodDelete, path: versions + "/x%2F1", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.DeletePipelineVersion(ctx, "p/1", "x/1") },
		}, "DeletePipelineVersion", false},
		{sent{
			name: "deletion of a pipeline", answer: `{}`, method: http.MethodDelete, path: pipelines + "/x%2F1", query: url.Values{},
			call: func(ctx context.Context, c *Client) error { return c.DeletePipeline(ctx, "x/1") },
		}, "DeletePipeline", false},
		{sent{
			name: "every run of a query", answer: `{}`, method: http.MethodGet, path: runs, query: url.Values{
				"namespace": {"team"}, "page_size": {"200"}, "sort_by": {"created_at asc"}, "filter": {holds("load-")},
			},
			call: func(ctx context.Context, c *Client) error {
				return c.EveryRun(ctx, Query{Namespace: "team", Filter: holds("load-")}, func(Run) bool { return true })
			},
		}, "ListRuns", false},
	}
}
