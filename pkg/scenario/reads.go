package scenario

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Bounds of the mix of reads.
const (
	maxWeight   = 1_000_000
	maxPageSize = 200
	maxDepths   = 1000
	maxChoices  = 100
)

// The names of the fields of the mix of reads.
const (
	fieldWeights    = "weights"
	fieldPageSizes  = "pageSizes"
	fieldPageDepths = "pageDepths"
)

// ReadOperations are the operations that RANDOM_GETS can call.
func ReadOperations() []string {
	return []string{
		"ListPipelines", "ListPipelineVersions", "ListExperiments", "ListRuns", "ListRecurringRuns",
		"GetPipeline", "GetPipelineVersion", "GetExperiment", "GetRun",
	}
}

// reads reads the mix of RANDOM_GETS.
func (r *reader) reads(node *yaml.Node) *Reads {
	if !r.isMapping(fieldReads, node, `such as {"weights": {"ListRuns": 3, "GetRun": 1}}`) {
		return nil
	}
	fields := r.known(node, " of reads", []string{fieldWeights, fieldPageSizes, fieldPageDepths})
	return &Reads{
		Weights:    r.weights(fields[fieldWeights]),
		PageSizes:  r.choices(fieldPageSizes, "a page size", fields[fieldPageSizes], maxPageSize),
		PageDepths: r.choices(fieldPageDepths, "a page depth", fields[fieldPageDepths], maxDepths),
	}
}

// weights reads how often each operation is called.
func (r *reader) weights(node *yaml.Node) map[string]float64 {
	if !r.isMapping(fieldWeights, node, `of operations to numbers such as {"ListRuns": 3, "GetRun": 1}`) {
		return nil
	}
	weights := map[string]float64{}
	faults, sum := len(r.faults), 0.0
	for name, value := range r.fields(node) {
		weight, ok := amount(value)
		switch {
		case !slices.Contains(ReadOperations(), name.Value):
			r.fault(name, "RANDOM_GETS cannot call %s%s", quote(name.Value), orSuggest(name.Value, ReadOperations()))
		case value.Kind == 0:
		case !ok || weight < 0 || weight > maxWeight:
			r.fault(value, "the weight of %s is %s; expected a number from 0 to %d", name.Value, describe(value), maxWeight)
		}
		weights[name.Value] = max(weight, 0) // -0 is written as 0
		sum += weight
	}
	if len(r.faults) == faults && sum == 0 {
		r.fault(node, "no operation has a weight above 0; expected one, such as {\"ListRuns\": 1}, or no weights for the default mix")
	}
	return weights
}

// choices reads a list of whole numbers, one of which is taken at random each time.
func (r *reader) choices(field, element string, node *yaml.Node, most int) []int {
	var choices []int
	for _, value := range r.list(field, node, maxChoices, "[20, 200]") {
		choices = append(choices, r.whole(element, value, 1, most))
	}
	return choices
}
