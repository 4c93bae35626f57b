package workload

import (
	"context"
	"fmt"
)

// experimentLookup prepares EXPERIMENT_LOOKUP, which asks what the name of an experiment costs to look up: one
// is made first, and then each slot searches for it.
func experimentLookup(ctx context.Context, e *Entry) (work, error) {
	id, err := e.newExperiment(ctx)
	if err != nil {
		return work{}, err
	}
	name := fmt.Sprintf("%s-%d", e.target.RunID, e.index+1)
	return work{slot: e.calling(func(ctx context.Context, s slot) error {
		found, _, err := s.client.FindExperiment(ctx, name, e.target.Namespace)
		if err == nil && found != id {
			err = fmt.Errorf("experiment %q is not found", name)
		}
		return err
	})}, nil
}
