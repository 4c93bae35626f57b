package workload

import (
	"context"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// defaultExperiment is the name that KFP's own tools use for it.
const defaultExperiment = "Default"

// pipelineRun prepares PIPELINE_RUN: one pipeline, and its runs in the default experiment.
func pipelineRun(ctx context.Context, e *Entry) (work, error) {
	pipeline, err := e.upload(ctx)
	if err != nil {
		return work{}, err
	}
	experimentID, err := e.findDefaultExperiment(ctx)
	if err != nil {
		return work{}, err
	}
	return e.runsOf(pipeline, experimentID), nil
}

// findDefaultExperiment returns the id of the experiment that takes runs of no other. Single-user
// servers have one, meant by an empty id; multi-user servers have none, and refuse runs without one, so
// it is made where it is missing.
func (e *Entry) findDefaultExperiment(ctx context.Context) (string, error) {
	client, namespace := e.preparing(), e.target.Namespace
	if namespace == "" {
		return "", nil
	}
	id, found, err := client.FindExperiment(ctx, defaultExperiment, namespace)
	if err != nil {
		return "", fmt.Errorf("looking for experiment %q: %w", defaultExperiment, err)
	}
	if found {
		return id, nil
	}
	id, err = client.CreateExperiment(ctx, kfp.NewExperiment{Name: defaultExperiment, Namespace: namespace}) // everybody's, hence no mark
	if err == nil {
		return id, nil
	}
	// Another entry, or another run, may have been quicker.
	if id, found, findErr := client.FindExperiment(ctx, defaultExperiment, namespace); findErr == nil && found {
		return id, nil
	}
	return "", fmt.Errorf("creating experiment %q: %w", defaultExperiment, err)
}
