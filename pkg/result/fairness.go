package result

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
)

// Fairness is how evenly a server served the namespaces that share an entry.
type Fairness struct {
	// Entry is the entry's place in the scenario, from 1.
	Entry int `json:"entry"`
	// Namespaces are what each got, in the order of the entry's list; those without a result are left out.
	Namespaces []Served `json:"namespaces"`
	// JainIndex is that of what succeeded a second: 1 where each namespace got the same, and 1 divided by their
	// number where one got all. It is null of fewer than two namespaces, and where nothing succeeded.
	JainIndex *float64 `json:"jainIndex"`
	// SlowestToFastest is the longest mean duration of a namespace's work by the shortest; null of fewer than two
	// namespaces, and where one has none.
	SlowestToFastest *float64 `json:"slowestToFastest"`
}

// Served is what one namespace got of an entry.
type Served struct {
	Namespace string `json:"namespace"`
	// PerSecond is how much work succeeded a second while the entry was active there; null where it never was.
	PerSecond *float64 `json:"perSecond"`
	// MeanSeconds is the mean duration of the runs that succeeded, by the server's clock, or else of the responses
	// to all calls that were answered; null without any.
	MeanSeconds *float64 `json:"meanSeconds"`
}

// fairnessOf compares what the namespaces of documents got of an entry, by its place from 0. The documents are of
// one scenario, each of another of its namespaces.
func fairnessOf(place int, documents []*Document) Fairness {
	f := Fairness{Entry: place + 1}
	var rates, means []float64
	for _, d := range documents {
		for _, e := range d.Entries {
			if e.Index != place || d.Tenancy == nil {
				continue
			}
			served := Served{Namespace: d.Tenancy.Namespace, PerSecond: e.perSecond(), MeanSeconds: e.meanSeconds()}
			f.Namespaces = append(f.Namespaces, served)
			if served.PerSecond != nil {
				rates = append(rates, *served.PerSecond)
			}
			if served.MeanSeconds != nil {
				means = append(means, *served.MeanSeconds)
			}
		}
	}
	if len(rates) == len(f.Namespaces) {
		f.JainIndex = jainIndex(rates)
	}
	if len(means) == len(f.Namespaces) {
		f.SlowestToFastest = extremes(means)
	}
	return f
}

// jainIndex is (Σx)² ÷ (n · Σx²), the index of fairness of R. Jain, D. Chiu and W. Hawe, "A Quantitative Measure of
// Fairness and Discrimination for Resource Allocation in Shared Computer Systems", DEC-TR-301, 1984. It depends on
// no unit, and k of n equal shares make k ÷ n. It is nil of fewer than two figures, and where all are 0.
func jainIndex(x []float64) *float64 {
	sum, squares := 0.0, 0.0
	for _, share := range x {
		sum += share
		squares += share * share
	}
	if len(x) < 2 || squares == 0 {
		return nil
	}
	index := min(sum*sum/(float64(len(x))*squares), 1) // by rounding it could be more
	return &index
}

// extremes is the greatest of some figures by the least; nil of fewer than two, and where the least is 0.
func extremes(x []float64) *float64 {
	if len(x) < 2 {
		return nil
	}
	least, greatest := x[0], x[0]
	for _, figure := range x {
		least, greatest = min(least, figure), max(greatest, figure)
	}
	if least <= 0 {
		return nil
	}
	ratio := greatest / least
	return &ratio
}

// perSecond is how much work succeeded a second.
func (e Entry) perSecond() *float64 {
	if e.Active <= 0 {
		return nil
	}
	rate := float64(e.Counts.Succeeded) / time.Duration(e.Active).Seconds()
	return &rate
}

// meanSeconds is how long a piece of work took on average.
func (e Entry) meanSeconds() *float64 {
	var mean float64
	switch durations, responses := e.Figure(MetricDuration), e.Responses(); {
	case e.MakesRuns() && durations.Count() > 0:
		mean = durations.Mean()
	case !e.MakesRuns() && responses.Count() > 0:
		mean = responses.Mean().Seconds()
	default:
		return nil
	}
	return &mean
}

// Responses returns the responses to the calls of all operations of the entry, its preparations included.
func (e Entry) Responses() metrics.Histogram {
	var all metrics.Histogram
	for _, o := range e.API {
		all.Merge(o.Response)
	}
	return all
}
