package workload

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// Leftovers returns the ids of the runs that have pipelines, experiments or recurring runs in a namespace, in order.
// Some may be under way. Runs by themselves are not looked for: there may be a hundred thousand of others, and their
// pipeline is deleted after them.
func Leftovers(ctx context.Context, client *kfp.Client, namespace string) ([]string, error) {
	filter, err := kfp.Described(mark)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, kind := range []kfp.Kind{kfp.Pipelines, kfp.Experiments, kfp.RecurringRuns} {
		query := kfp.Query{Namespace: namespace, Filter: filter}
		if kind == kfp.Pipelines { // a store of pipelines other than KFP's database need not know descriptions
			query.Filter = ""
		}
		items, err := client.Every(ctx, kind, query)
		if err != nil {
			return nil, fmt.Errorf("looking for what runs left: %w", err)
		}
		for _, item := range items {
			if id, ours := RunOf(item.Description); ours && strings.HasPrefix(item.Name, id+"-") {
				ids[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ids)), nil
}
