package result

import (
	"fmt"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// ListKind identifies a List.
const ListKind = "ResultList"

// List has the results of a scenario over several namespaces beside each other, and what only all of them tell.
type List struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// RunID is what the run ids of the items begin with.
	RunID string `json:"runID"`
	// Namespaces are those of the scenario, in its order.
	Namespaces []string `json:"namespaces"`
	// StartedApartSeconds is the time from the first start of an item to the last, each by its own worker's clock;
	// null of fewer than two items.
	StartedApartSeconds *float64 `json:"startedApartSeconds"`
	// Fairness is told of the entries that several namespaces share.
	Fairness []Fairness `json:"fairness,omitempty"`
	// Thresholds are the scenario's conditions on all entries together.
	Thresholds []Outcome `json:"thresholds,omitempty"`
	// Verdict is that of the whole: the worst of all.
	Verdict Verdict `json:"verdict"`
	// Missing are the namespaces without a result.
	Missing []Missing `json:"missing,omitempty"`
	// Items are the results, in the order of Namespaces.
	Items []*Document `json:"items"`
}

// Missing is a namespace that has no result.
type Missing struct {
	Namespace string `json:"namespace"`
	// Why is a sentence without a final stop.
	Why string `json:"why"`
}

// Beside puts the results of a run beside each other: documents of one scenario, each of another of its namespaces,
// in the order of these. There has to be one at least.
func Beside(runID string, documents []*Document, missing []Missing) *List {
	first := documents[0]
	l := &List{APIVersion: APIVersion, Kind: ListKind, RunID: runID, Items: documents, Missing: missing}
	if first.Tenancy != nil {
		l.Namespaces = first.Tenancy.Namespaces
	}
	if len(documents) > 1 {
		apart := startedApart(documents)
		l.StartedApartSeconds = &apart
	}
	for _, place := range shared(first.Scenario.Entries) {
		l.Fairness = append(l.Fairness, fairnessOf(place, documents))
	}
	l.Thresholds = together(documents, first.Scenario.Thresholds, missing)
	l.judge()
	return l
}

// startedApart is the time, in seconds, between the first start and the last.
func startedApart(documents []*Document) float64 {
	early, late := documents[0].Started, documents[0].Started
	for _, d := range documents {
		if d.Started.Before(early) {
			early = d.Started
		}
		if d.Started.After(late) {
			late = d.Started
		}
	}
	return late.Sub(early).Seconds()
}

// together judges conditions on all entries of all documents.
func together(documents []*Document, thresholds []scenario.Threshold, missing []Missing) []Outcome {
	var api []metrics.Operation
	var entries []Entry
	for _, d := range documents {
		api = metrics.Merge(api, d.API)
		entries = slices.Concat(entries, d.Entries)
	}
	outcomes := judgeAll(0, figuresOf(api, entries), thresholds)
	if len(missing) > 0 {
		for i := range outcomes {
			outcomes[i] = Outcome{
				Threshold: outcomes[i].Threshold,
				Doubt:     fmt.Sprintf("%d of %d namespaces have no result", len(missing), len(missing)+len(documents)),
			}
		}
	}
	return outcomes
}

// judge sums up the verdicts.
func (l *List) judge() {
	l.Verdict = Verdict{Status: Passed}
	for _, m := range l.Missing {
		l.Verdict.add(Invalid, m.Namespace+" has no result: "+m.Why)
	}
	for _, d := range l.Items {
		if d.Verdict.Status == Passed {
			continue
		}
		for _, reason := range d.Verdict.Reasons {
			l.Verdict.add(d.Verdict.Status, d.Place()+": "+reason)
		}
	}
	l.Verdict.judgeThresholds(l.Thresholds)
}

// Place is what people call the part of the run that the document is of: its namespace, else its run id.
func (d *Document) Place() string {
	if d.Tenancy != nil {
		return d.Tenancy.Namespace
	}
	return d.RunID
}
