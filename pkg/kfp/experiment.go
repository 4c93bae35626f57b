package kfp

import (
	"context"
	"errors"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_client/experiment_service"
	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/experiment_model"
)

var errNoExperiment = errors.New("the experiment has no id")

// NewExperiment is an experiment to be created.
type NewExperiment struct {
	// Name must be new in the namespace.
	Name string
	// Namespace is empty on a single-user server.
	Namespace string
	// Description is for people.
	Description string
}

// CreateExperiment makes an experiment and returns its id.
func (c *Client) CreateExperiment(ctx context.Context, n NewExperiment) (string, error) {
	return call(ctx, c, "CreateExperiment", func(ctx context.Context) (string, error) {
		params := experiment_service.NewCreateExperimentParamsWithContext(ctx).WithBody(
			&experiment_model.V2beta1Experiment{DisplayName: n.Name, Namespace: n.Namespace, Description: n.Description})
		answer, err := c.experiments.ExperimentService.CreateExperiment(params)
		if err != nil {
			return "", err
		}
		if answer.Payload.ExperimentID == "" {
			return "", errNoExperiment
		}
		return answer.Payload.ExperimentID, nil
	})
}

// FindExperiment returns the id of the experiment of a name, found false when there is none. Equal is what
// the server's database takes for equal, which may overlook case: such an experiment is in the way of a
// new one of that name, too.
func (c *Client) FindExperiment(ctx context.Context, name, namespace string) (id string, found bool, err error) {
	id, err = call(ctx, c, "ListExperiments", func(ctx context.Context) (string, error) {
		named, err := filter(predicate{Key: keyDisplayName, Operation: operationEquals, StringValue: name})
		if err != nil {
			return "", err
		}
		params := experiment_service.NewListExperimentsParamsWithContext(ctx).WithFilter(named)
		if namespace != "" {
			params.SetNamespace(&namespace)
		}
		answer, err := c.experiments.ExperimentService.ListExperiments(params)
		if err != nil {
			return "", err
		}
		for _, e := range answer.Payload.Experiments {
			if e != nil && e.ExperimentID != "" {
				return e.ExperimentID, nil
			}
		}
		return "", nil
	})
	return id, id != "", err
}
