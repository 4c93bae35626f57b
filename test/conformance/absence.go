package conformance

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// absent asks for what there is not: the product takes a 404, and nothing else, for its absence.
func (c *suite) absent(t *testing.T) {
	pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
	for _, kind := range []kfp.Kind{kfp.Pipelines, kfp.PipelineVersions, kfp.Experiments, kfp.Runs, kfp.RecurringRuns} {
		t.Run(kind.GetOperation(), func(t *testing.T) {
			refusedByGateway(t, c.client.Fetch(t.Context(), kind, nobody, pipeline.ID), http.StatusNotFound)
		})
	}
	for name, call := range map[string]func() error{
		"ListPipelineVersions": func() error {
			return c.client.Scan(t.Context(), kfp.PipelineVersions, kfp.Query{PipelineID: nobody})
		},
		"ListRuns":            func() error { return c.client.Scan(t.Context(), kfp.Runs, kfp.Query{ExperimentID: nobody}) },
		"ListRecurringRuns":   func() error { return c.client.Scan(t.Context(), kfp.RecurringRuns, kfp.Query{ExperimentID: nobody}) },
		"TerminateRun":        func() error { return c.client.TerminateRun(t.Context(), nobody) },
		"DeleteRun":           func() error { return c.client.DeleteRun(t.Context(), nobody) },
		"DisableRecurringRun": func() error { return c.client.DisableRecurringRun(t.Context(), nobody) },
		"DeleteRecurringRun":  func() error { return c.client.DeleteRecurringRun(t.Context(), nobody) },
	} {
		t.Run(name, func(t *testing.T) { refusedByGateway(t, call(), http.StatusNotFound) })
	}
	for name, request := range map[string][2]string{
		"EnableRecurringRun":    {http.MethodPost, "/recurringruns/" + nobody + ":enable"},
		"DeleteExperiment":      {http.MethodDelete, "/experiments/" + nobody},
		"DeletePipeline":        {http.MethodDelete, "/pipelines/" + nobody},
		"DeletePipelineVersion": {http.MethodDelete, "/pipelines/" + pipeline.ID + "/versions/" + nobody},
	} {
		t.Run(name, func(t *testing.T) {
			if status, body := c.send(t, request[0], request[1]); status != http.StatusNotFound {
				t.Errorf("answered %d: %.200s", status, body)
			}
		})
	}
	t.Run("AnExperimentWithNothingInIt", func(t *testing.T) {
		query := kfp.Query{ExperimentID: c.experiment(t, unique("experiment"))}
		for _, kind := range []kfp.Kind{kfp.Runs, kfp.RecurringRuns} {
			page, err := c.client.List(t.Context(), kind, query)
			if err != nil || len(page.IDs()) != 0 || page.Next != "" || page.Total != 0 {
				t.Errorf("%s: %+v, %v", kind, page, err)
			}
		}
		status, body := c.wire(t, "/runs", url.Values{"experiment_id": {query.ExperimentID}})
		if status != http.StatusOK || string(body) != "{}" {
			t.Errorf("no runs are told as %d: %s", status, body)
		}
	})
}
