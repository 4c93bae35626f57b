package kfp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/recurring_run_client/recurring_run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/recurring_run_model"
)

const (
	// maxConcurrency is the most that KFP takes, and what its UI proposes.
	maxConcurrency = 10
	// maxPages bounds what reads a list to its end: 20,000 recurring runs are none of a test's.
	maxPages = 100
)

// oldestFirst is the order in which what is added while a list is read comes last.
const oldestFirst = "created_at asc"

// NewRecurringRun is a schedule to be created. It is enabled from the beginning.
type NewRecurringRun struct {
	// Name should be unique, so that the recurring run can be found again when the answer is lost.
	Name                  string
	PipelineID, VersionID string
	// ExperimentID may be empty on a single-user server: the default experiment.
	ExperimentID string
	// Namespace must be empty on a single-user server and may be on any: it is the experiment's.
	Namespace string
	// ServiceAccount may be empty: the server's default.
	ServiceAccount string
	// Description is for people.
	Description string
	// Cron has the six fields that KFP reads, seconds first. One of five fields is taken and misread.
	Cron string
	// MaxConcurrency is how many of its runs may be underway at once, 1 to 10; 10 when zero. What is due
	// beyond that waits.
	MaxConcurrency int
	// NoCatchup leaves out all but the last of the runs that are overdue.
	NoCatchup bool
	// Params must be marshalable as JSON.
	Params map[string]any
}

// RecurringRun is a schedule as the server last told of it.
type RecurringRun struct {
	ID, Name string
	// Created and Updated are the server's, in whole seconds; zero while unset. A recurring run that is not
	// Enabled was updated when it was disabled, unless something else was done to it since.
	Created, Updated time.Time
	// Enabled says that it makes runs.
	Enabled bool
}

var errNoRecurringRun = errors.New("the recurring run has no id")

// recurringRunBody is v2beta1.RecurringRun without times. The generated message always has a start and an end,
// in the year 1 when they are unset. KFP 2.0.5 keeps both as the schedule's: one that was over before it began,
// were that year not lost on the way to its controller.
type recurringRunBody struct {
	DisplayName      string                                               `json:"display_name"`
	Description      string                                               `json:"description,omitempty"`
	ExperimentID     string                                               `json:"experiment_id,omitempty"`
	Namespace        string                                               `json:"namespace,omitempty"`
	ServiceAccount   string                                               `json:"service_account,omitempty"`
	VersionReference *recurring_run_model.V2beta1PipelineVersionReference `json:"pipeline_version_reference"`
	RuntimeConfig    *recurring_run_model.V2beta1RuntimeConfig            `json:"runtime_config,omitempty"`
	MaxConcurrency   int64                                                `json:"max_concurrency,string"`
	Mode             recurring_run_model.RecurringRunMode                 `json:"mode"`
	NoCatchup        bool                                                 `json:"no_catchup,omitempty"`
	Trigger          trigger                                              `json:"trigger"`
}

type trigger struct {
	CronSchedule cronSchedule `json:"cron_schedule"`
}

type cronSchedule struct {
	Cron string `json:"cron"`
}

func (n NewRecurringRun) body() recurringRunBody {
	if n.MaxConcurrency == 0 {
		n.MaxConcurrency = maxConcurrency
	}
	body := recurringRunBody{
		DisplayName: n.Name, Description: n.Description, ExperimentID: n.ExperimentID, Namespace: n.Namespace,
		ServiceAccount: n.ServiceAccount,
		VersionReference: &recurring_run_model.V2beta1PipelineVersionReference{
			PipelineID: n.PipelineID, PipelineVersionID: n.VersionID,
		},
		MaxConcurrency: int64(n.MaxConcurrency), Mode: recurring_run_model.RecurringRunModeENABLE,
		NoCatchup: n.NoCatchup, Trigger: trigger{cronSchedule{n.Cron}},
	}
	if len(n.Params) > 0 {
		body.RuntimeConfig = &recurring_run_model.V2beta1RuntimeConfig{Parameters: n.Params}
	}
	return body
}

// CreateRecurringRun starts a schedule. It is never sent twice: when the outcome is unknown, look with
// ListRecurringRunsOf, since what was made makes runs until it is disabled.
func (c *Client) CreateRecurringRun(ctx context.Context, n NewRecurringRun) (RecurringRun, error) {
	return call(ctx, c, "CreateRecurringRun", func(ctx context.Context) (RecurringRun, error) {
		service := recurring_run_service.New(withBody{c.recurringRuns.Transport, n.body()}, strfmt.Default)
		answer, err := service.CreateRecurringRun(recurring_run_service.NewCreateRecurringRunParamsWithContext(ctx))
		if err != nil {
			return RecurringRun{}, err
		}
		if answer.Payload.RecurringRunID == "" {
			return RecurringRun{}, errNoRecurringRun
		}
		return recurringRunOf(answer.Payload), nil
	})
}

// DisableRecurringRun stops a schedule; runs that it has made go on. One that is stopped already is no
// error.
func (c *Client) DisableRecurringRun(ctx context.Context, id string) error {
	_, err := call(ctx, c, "DisableRecurringRun", func(ctx context.Context) (struct{}, error) {
		params := recurring_run_service.NewDisableRecurringRunParamsWithContext(ctx).WithRecurringRunID(id)
		_, err := c.recurringRuns.RecurringRunService.DisableRecurringRun(params)
		return struct{}{}, err
	})
	return err
}

// DeleteRecurringRun deletes a schedule; the runs that it has made stay.
func (c *Client) DeleteRecurringRun(ctx context.Context, id string) error {
	return remove(ctx, c, "DeleteRecurringRun", []string{id}, func(ctx context.Context) error {
		params := recurring_run_service.NewDeleteRecurringRunParamsWithContext(ctx).WithRecurringRunID(id)
		_, err := c.recurringRuns.RecurringRunService.DeleteRecurringRun(params)
		return err
	})
}

// ListRecurringRunsOf returns the recurring runs of an experiment, or of the whole namespace without one,
// the oldest first. It reads all pages, one call each. Beside an error it returns those that it read.
func (c *Client) ListRecurringRunsOf(ctx context.Context, namespace, experimentID string) ([]RecurringRun, error) {
	var all []RecurringRun
	token := ""
	for range maxPages {
		list, err := c.recurringRunsFrom(ctx, namespace, experimentID, token)
		if err != nil {
			return all, err
		}
		for _, r := range list.RecurringRuns {
			if r != nil && r.RecurringRunID != "" {
				all = append(all, recurringRunOf(r))
			}
		}
		if list.NextPageToken == "" {
			return all, nil
		}
		token = list.NextPageToken
	}
	return all, fmt.Errorf("listing recurring runs: there are more than %d pages of %d", maxPages, pageSize)
}

func (c *Client) recurringRunsFrom(ctx context.Context, namespace, experimentID, token string) (*recurring_run_model.V2beta1ListRecurringRunsResponse, error) {
	return call(ctx, c, RecurringRuns.ListOperation(), func(ctx context.Context) (*recurring_run_model.V2beta1ListRecurringRunsResponse, error) {
		size, order := pageSize, oldestFirst
		answer, err := c.recurringRuns.RecurringRunService.ListRecurringRuns(&recurring_run_service.ListRecurringRunsParams{
			Context: ctx, Namespace: &namespace, ExperimentID: &experimentID,
			PageSize: &size, PageToken: &token, SortBy: &order,
		})
		if err != nil {
			return nil, err
		}
		return answer.Payload, nil
	})
}

func recurringRunOf(r *recurring_run_model.V2beta1RecurringRun) RecurringRun {
	return RecurringRun{
		ID: r.RecurringRunID, Name: r.DisplayName, Created: moment(r.CreatedAt), Updated: moment(r.UpdatedAt),
		Enabled: r.Status == recurring_run_model.V2beta1RecurringRunStatusENABLED,
	}
}
