package kfp

import (
	"context"
	"fmt"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_client/experiment_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_client/pipeline_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/recurring_run_client/recurring_run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client/run_service"
)

// Fetch gets one thing and reads the answer to its end without decoding it; what Scan says of that holds
// here, too. The parent is the pipeline of a version; other kinds overlook it.
func (c *Client) Fetch(ctx context.Context, kind Kind, id, parent string) error {
	// With an empty id the path would be the list's.
	if id == "" {
		return fmt.Errorf("%s: %w", kind.GetOperation(), errNoID)
	}
	if kind == PipelineVersions && parent == "" {
		return fmt.Errorf("%s: %w", kind.GetOperation(), errNoParent)
	}
	_, err := call(ctx, c, kind.GetOperation(), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, c.undecoded.get(ctx, kind, id, parent)
	})
	return err
}

func (s services) get(ctx context.Context, kind Kind, id, parent string) error {
	var err error
	switch kind {
	case Pipelines:
		params := &pipeline_service.GetPipelineParams{Context: ctx, PipelineID: id}
		_, err = s.pipelines.PipelineService.GetPipeline(params, nil)
	case PipelineVersions:
		params := &pipeline_service.GetPipelineVersionParams{Context: ctx, PipelineID: parent, PipelineVersionID: id}
		_, err = s.pipelines.PipelineService.GetPipelineVersion(params, nil)
	case Experiments:
		params := &experiment_service.GetExperimentParams{Context: ctx, ExperimentID: id}
		_, err = s.experiments.ExperimentService.GetExperiment(params)
	case Runs:
		params := &run_service.GetRunParams{Context: ctx, RunID: id}
		_, err = s.runs.RunService.GetRun(params, nil)
	case RecurringRuns:
		params := &recurring_run_service.GetRecurringRunParams{Context: ctx, RecurringRunID: id}
		_, err = s.recurringRuns.RecurringRunService.GetRecurringRun(params)
	default:
		err = fmt.Errorf("KFP has no %q", kind)
	}
	return err
}
