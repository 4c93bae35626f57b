package workload

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

var errNothingToRead = errors.New("the server has nothing that the reads of this entry could get")

// defaultReads is the mix of an entry that names none: what KFP's own pages ask for, runs above all.
func defaultReads() *scenario.Reads {
	return &scenario.Reads{Weights: map[string]float64{
		"ListRuns": 4, "GetRun": 4, "ListPipelines": 1, "GetPipeline": 1, "ListPipelineVersions": 1,
		"GetPipelineVersion": 1, "ListExperiments": 1, "GetExperiment": 1,
	}}
}

// reading is one operation of the mix.
type reading struct {
	kind   kfp.Kind
	get    bool
	weight float64
}

// reader picks and makes the reads of RANDOM_GETS.
type reader struct {
	namespace     string
	mix           []reading
	sizes, depths []int
	// ids are those that the lists returned before the load began, by kind; versions are of pipeline.
	ids      map[kfp.Kind][]string
	pipeline string
}

// randomGets prepares RANDOM_GETS: it lists what there is, and then each slot reads some of it.
func randomGets(ctx context.Context, e *Entry) (work, error) {
	reads := e.spec.Reads
	if reads == nil {
		reads = defaultReads()
	}
	r := &reader{
		namespace: e.target.Namespace, sizes: reads.PageSizes, depths: reads.PageDepths, ids: map[kfp.Kind][]string{},
	}
	for _, o := range readings(reads.Weights) {
		if err := r.learn(ctx, e.preparing(), o.kind); err != nil {
			return work{}, err
		}
		switch {
		case o.kind == kfp.PipelineVersions && r.pipeline == "", o.get && len(r.ids[o.kind]) == 0:
			e.warn(fmt.Sprintf("%s was left out of the reads, because the server has nothing to read by it", o.operation()))
		default:
			r.mix = append(r.mix, o)
		}
	}
	if len(r.mix) == 0 {
		return work{}, errNothingToRead
	}
	return work{slot: e.calling(func(ctx context.Context, s slot) error {
		//nolint:gosec // reads that can be repeated are wanted; an index is never negative
		random := rand.New(rand.NewPCG(e.seed, uint64(s.Index)))
		return r.read(ctx, s.client, random)
	})}, nil
}

// readings returns the operations of a mix, in the order of their names.
func readings(weights map[string]float64) []reading {
	var mix []reading
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		for _, kind := range []kfp.Kind{kfp.Pipelines, kfp.PipelineVersions, kfp.Experiments, kfp.Runs, kfp.RecurringRuns} {
			if name == kind.ListOperation() || name == kind.GetOperation() {
				mix = append(mix, reading{kind: kind, get: name == kind.GetOperation(), weight: weights[name]})
			}
		}
	}
	return mix
}

func (o reading) operation() string {
	if o.get {
		return o.kind.GetOperation()
	}
	return o.kind.ListOperation()
}

// learn lists what there is of a kind, once. Runs are also listed by experiment.
func (r *reader) learn(ctx context.Context, client *kfp.Client, kind kfp.Kind) error {
	if kind == kfp.Runs {
		if err := r.learn(ctx, client, kfp.Experiments); err != nil {
			return err
		}
	}
	query := kfp.Query{Namespace: r.namespace, PageSize: 200}
	if kind == kfp.PipelineVersions {
		if err := r.learn(ctx, client, kfp.Pipelines); err != nil || len(r.ids[kfp.Pipelines]) == 0 {
			return err
		}
		r.pipeline = r.ids[kfp.Pipelines][0]
		query.PipelineID = r.pipeline
	}
	if _, known := r.ids[kind]; known {
		return nil
	}
	page, err := client.List(ctx, kind, query)
	if err != nil {
		return fmt.Errorf("listing what there is to read: %w", err)
	}
	r.ids[kind] = page.IDs()
	return nil
}

// read makes one read of the mix.
func (r *reader) read(ctx context.Context, client *kfp.Client, random *rand.Rand) error {
	o := pick(r.mix, random)
	if o.get {
		return client.Fetch(ctx, o.kind, oneOf(r.ids[o.kind], random), r.pipeline)
	}
	query := kfp.Query{Namespace: r.namespace, PageSize: oneOf(r.sizes, random), SortBy: "created_at desc"}
	switch {
	case o.kind == kfp.PipelineVersions:
		query.PipelineID = r.pipeline
	case o.kind == kfp.Runs && random.IntN(2) == 0:
		query.ExperimentID = oneOf(r.ids[kfp.Experiments], random)
	}
	for depth := oneOf(r.depths, random); depth > 1; depth-- {
		page, err := client.List(ctx, o.kind, query)
		if err != nil || page.Next == "" {
			return err
		}
		query.PageToken = page.Next
	}
	return client.Scan(ctx, o.kind, query) // nobody needs what is on the last page
}

// pick returns an operation with a probability that is its share of all weights.
func pick(mix []reading, random *rand.Rand) reading {
	total := 0.0
	for _, o := range mix {
		total += o.weight
	}
	at := random.Float64() * total
	for _, o := range mix[:len(mix)-1] {
		if at -= o.weight; at < 0 {
			return o
		}
	}
	return mix[len(mix)-1]
}

// oneOf returns one of the choices; the zero value of none.
func oneOf[T any](choices []T, random *rand.Rand) T {
	var none T
	if len(choices) == 0 {
		return none
	}
	return choices[random.IntN(len(choices))]
}
