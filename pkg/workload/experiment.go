package workload

import (
	"context"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// experiment prepares EXPERIMENT: one pipeline, and its runs in an experiment of their own.
func experiment(ctx context.Context, e *Entry) (work, error) {
	pipeline, err := e.upload(ctx)
	if err != nil {
		return work{}, err
	}
	id, err := e.newExperiment(ctx)
	if err != nil {
		return work{}, err
	}
	return e.runsOf(pipeline, id), nil
}

// newExperiment makes the entry's own experiment and returns its id.
func (e *Entry) newExperiment(ctx context.Context) (string, error) {
	name := fmt.Sprintf("%s-%d", e.target.RunID, e.index+1)
	id, err := e.preparing().CreateExperiment(ctx, kfp.NewExperiment{
		Name: name, Namespace: e.target.Namespace, Description: Mark(e.target.RunID),
	})
	if err != nil {
		return "", fmt.Errorf("creating experiment %q: %w", name, err)
	}
	return id, nil
}
