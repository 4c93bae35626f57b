package kfp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_client/run_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_model"
)

// MaxBatch is how many runs one list can be asked for. The ids travel in the URL, 45 bytes each: 100 keep
// it below 5 KB, where the server itself takes 1 MB, Envoy 60 KB, and nginx 8 KB.
const MaxBatch = 100

// pageSize is the most that the server returns at once; asked for nothing it returns 20.
const pageSize = int32(200)

// NewRun is a run to be created.
type NewRun struct {
	// Name should be unique, so that the run can be found again when the answer is lost.
	Name                  string
	PipelineID, VersionID string
	// ExperimentID may be empty on a single-user server: the default experiment.
	ExperimentID string
	// ServiceAccount may be empty: the server's default.
	ServiceAccount string
	// Description is for people.
	Description string
	// Params must be marshalable as JSON.
	Params map[string]any
}

// Run is a run as the server last told of it.
type Run struct {
	ID, Name, Description string
	ExperimentID          string
	// RecurringRunID is the schedule that made the run, empty when none did.
	RecurringRunID string
	// State is one of KFP's, such as RUNNING; empty while the server names none.
	State string
	// Created, Scheduled and Finished are the server's, in whole seconds; zero while unset.
	Created, Scheduled, Finished time.Time
	// StateError is what the server says of the run's failure, empty for most failures.
	StateError string
	// Persisted is when the server wrote the terminal state down, in whole seconds; zero before.
	Persisted time.Time
	// Tasks are the nodes of the run's workflow that the server knows of. It may know that a run has ended
	// before it knows the ends of all its tasks.
	Tasks []Task
}

// Terminal reports whether a run in this state stays as it is. An empty state, or one that is not known
// here, is none of these.
func Terminal(state string) bool {
	return slices.Contains([]string{"SUCCEEDED", "FAILED", "SKIPPED", "CANCELED"}, state)
}

var errNoRun = errors.New("the run has no id")

// CreateRun starts a run. It is never sent twice: when the outcome is unknown, look with FindRunByName.
func (c *Client) CreateRun(ctx context.Context, n NewRun) (Run, error) {
	return call(ctx, c, "CreateRun", func(ctx context.Context) (Run, error) {
		body := &run_model.V2beta1Run{
			DisplayName: n.Name, Description: n.Description, ExperimentID: n.ExperimentID, ServiceAccount: n.ServiceAccount,
			PipelineVersionReference: &run_model.V2beta1PipelineVersionReference{
				PipelineID: n.PipelineID, PipelineVersionID: n.VersionID,
			},
		}
		if len(n.Params) > 0 {
			body.RuntimeConfig = &run_model.V2beta1RuntimeConfig{Parameters: n.Params}
		}
		answer, err := c.runs.RunService.CreateRun(run_service.NewCreateRunParamsWithContext(ctx).WithBody(body), nil)
		if err != nil {
			return Run{}, err
		}
		if answer.Payload.RunID == "" {
			return Run{}, errNoRun
		}
		return runOf(answer.Payload), nil
	})
}

// ListRunsByID returns those of the runs that exist, in no order; unknown ids are no error. It is one
// call, for MaxBatch ids at most. A multi-user server needs their namespace.
func (c *Client) ListRunsByID(ctx context.Context, namespace string, ids []string) ([]Run, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > MaxBatch {
		return nil, fmt.Errorf("listing runs: %d ids are more than the %d of one call", len(ids), MaxBatch)
	}
	return c.listRuns(ctx, namespace, predicate{
		Key: keyRunID, Operation: operationIn, StringValues: &stringValues{ids},
	})
}

// FindRunByName returns the oldest run of a name. It tells whether a run was made whose create call had
// no answer. Without such a run found is false.
func (c *Client) FindRunByName(ctx context.Context, namespace, name string) (run Run, found bool, err error) {
	runs, err := c.listRuns(ctx, namespace, predicate{
		Key: keyDisplayName, Operation: operationEquals, StringValue: name,
	})
	// Compared again: the server's database takes no notice of case and of spaces at the end.
	i := slices.IndexFunc(runs, func(r Run) bool { return r.Name == name })
	if err != nil || i < 0 {
		return Run{}, false, err
	}
	return runs[i], true, nil
}

// listRuns returns the first page of the runs that meet a condition, the oldest first.
func (c *Client) listRuns(ctx context.Context, namespace string, p predicate) ([]Run, error) {
	return call(ctx, c, "ListRuns", func(ctx context.Context) ([]Run, error) {
		condition, err := filter(p)
		if err != nil {
			return nil, err
		}
		params := run_service.NewListRunsParamsWithContext(ctx).WithFilter(condition)
		size := pageSize
		params.SetPageSize(&size)
		if namespace != "" {
			params.SetNamespace(&namespace)
		}
		answer, err := c.runs.RunService.ListRuns(params, nil)
		if err != nil {
			return nil, err
		}
		return runsOf(answer.Payload.Runs), nil
	})
}

func runsOf(all []*run_model.V2beta1Run) []Run {
	var runs []Run
	for _, r := range all {
		if r != nil {
			runs = append(runs, runOf(r))
		}
	}
	return runs
}

func runOf(r *run_model.V2beta1Run) Run {
	run := Run{
		ID: r.RunID, Name: r.DisplayName, Description: r.Description, ExperimentID: r.ExperimentID, RecurringRunID: r.RecurringRunID,
		State: string(r.State), Created: moment(r.CreatedAt), Scheduled: moment(r.ScheduledAt), Finished: moment(r.FinishedAt),
	}
	if r.Error != nil {
		run.StateError = printable(r.Error.Message)
	}
	for _, s := range r.StateHistory {
		if s != nil && Terminal(string(s.State)) && string(s.State) == run.State {
			run.Persisted = moment(s.UpdateTime)
		}
	}
	if r.RunDetails != nil {
		run.Tasks = tasksOf(r.RunDetails.TaskDetails)
	}
	return run
}

// moment returns a time of the server's. It says 1970 or the year 1 where it has none.
func moment(t strfmt.DateTime) time.Time {
	if m := time.Time(t); m.Unix() > 0 {
		return m.UTC()
	}
	return time.Time{}
}
