package kfp

import (
	"context"
	"fmt"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_client/experiment_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/pipeline_client/pipeline_service"
)

// DeleteExperiment deletes an experiment and leaves its runs, which KFP 2.0.5 can never delete any more: they go
// first. The default experiment of a single-user server is refused with 409.
func (c *Client) DeleteExperiment(ctx context.Context, id string) error {
	return remove(ctx, c, "DeleteExperiment", []string{id}, func(ctx context.Context) error {
		_, err := c.experiments.ExperimentService.DeleteExperiment(&experiment_service.DeleteExperimentParams{Context: ctx, ExperimentID: id})
		return err
	})
}

// DeletePipelineVersion deletes a version. Runs of it stay as they are.
func (c *Client) DeletePipelineVersion(ctx context.Context, pipelineID, id string) error {
	return remove(ctx, c, "DeletePipelineVersion", []string{pipelineID, id}, func(ctx context.Context) error {
		_, err := c.pipelines.PipelineService.DeletePipelineVersion(&pipeline_service.DeletePipelineVersionParams{
			Context: ctx, PipelineID: pipelineID, PipelineVersionID: id,
		}, nil)
		return err
	})
}

// DeletePipeline deletes a pipeline. One that has versions is refused with 400: they go first.
func (c *Client) DeletePipeline(ctx context.Context, id string) error {
	return remove(ctx, c, "DeletePipeline", []string{id}, func(ctx context.Context) error {
		_, err := c.pipelines.PipelineService.DeletePipeline(&pipeline_service.DeletePipelineParams{Context: ctx, PipelineID: id}, nil)
		return err
	})
}

// remove makes a call that deletes what ids lead to. With an empty one the path would be another call's.
func remove(ctx context.Context, c *Client, operation string, ids []string, do func(context.Context) error) error {
	for _, id := range ids {
		if id == "" {
			return fmt.Errorf("%s: %w", operation, errNoID)
		}
	}
	_, err := call(ctx, c, operation, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
	return err
}
