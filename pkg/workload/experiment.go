package workload

import (
	"context"
	"fmt"
)

// experiment prepares EXPERIMENT: one pipeline, and its runs in an experiment of their own.
func experiment(ctx context.Context, e *Entry) (slotFunc, error) {
	pipeline, err := e.upload(ctx)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%d", e.target.RunID, e.index+1)
	id, err := e.target.Client.CreateExperiment(ctx, name, e.target.Namespace)
	if err != nil {
		return nil, fmt.Errorf("creating experiment %q: %w", name, err)
	}
	return e.runsOf(pipeline, id), nil
}
