package kfp

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client/run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_model"
)

var errNoExperimentAsked = errors.New("the runs of no experiment were asked for")

// RunsOfExperiment returns a page of 200 of the runs of an experiment, the oldest first, and the token of the
// next page, empty on the last one. A run that is created while the list is read may be missing when it is
// of the same second as the end of a page: the server orders those by their random ids.
func (c *Client) RunsOfExperiment(ctx context.Context, namespace, experimentID, pageToken string) (runs []Run, next string, err error) {
	if experimentID == "" { // the server would list those of all experiments
		return nil, "", fmt.Errorf("%s: %w", Runs.ListOperation(), errNoExperimentAsked)
	}
	list, err := call(ctx, c, Runs.ListOperation(), func(ctx context.Context) (*run_model.V2beta1ListRunsResponse, error) {
		size, order := pageSize, oldestFirst
		answer, err := c.runs.RunService.ListRuns(&run_service.ListRunsParams{
			Context: ctx, Namespace: &namespace, ExperimentID: &experimentID,
			PageSize: &size, PageToken: &pageToken, SortBy: &order,
		}, nil)
		if err != nil {
			return nil, err
		}
		return answer.Payload, nil
	})
	if err != nil {
		return nil, "", err
	}
	return runsOf(list.Runs), list.NextPageToken, nil
}

// TerminateRun asks a run to end; it does so seconds later, as FAILED. A run that has ended is refused with
// 400.
func (c *Client) TerminateRun(ctx context.Context, id string) error {
	_, err := call(ctx, c, "TerminateRun", func(ctx context.Context) (struct{}, error) {
		params := run_service.NewTerminateRunParamsWithContext(ctx).WithRunID(id)
		_, err := c.runs.RunService.TerminateRun(params, nil)
		return struct{}{}, err
	})
	return err
}

// DeleteRun deletes a run. It must be done before its experiment is deleted, and not while it is underway:
// the server overlooks that the workflow could not be deleted.
func (c *Client) DeleteRun(ctx context.Context, id string) error {
	return remove(ctx, c, "DeleteRun", []string{id}, func(ctx context.Context) error {
		_, err := c.runs.RunService.DeleteRun(run_service.NewDeleteRunParamsWithContext(ctx).WithRunID(id), nil)
		return err
	})
}
