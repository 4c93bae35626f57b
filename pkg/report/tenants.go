package report

import (
	"fmt"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// part is the entry of a place, from 0, as one namespace has it.
type part struct {
	namespace string
	result.Entry
}

func parts(l *result.List, place int) []part {
	var all []part
	for _, d := range l.Items {
		for _, e := range d.Entries {
			if e.Index == place {
				all = append(all, part{d.Place(), e})
			}
		}
	}
	return all
}

// tenantTable has one row a namespace that has a part in an entry.
func tenantTable(l *result.List, e result.Entry) *table {
	all := parts(l, e.Index)
	shown := slices.DeleteFunc(columns(e.Work()), func(c column) bool {
		return c.seldom && !slices.ContainsFunc(all, func(p part) bool { return c.count(p.Counts) > 0 })
	})
	t := &table{head: []string{entryName(e)}, right: []bool{false}}
	for _, c := range shown {
		t.head, t.right = append(t.head, c.head), append(t.right, true)
	}
	took := "response"
	if e.MakesRuns() {
		took = "duration"
	}
	t.head, t.right = append(t.head, "API errors", took, "p50, p95"), append(t.right, true)
	for _, p := range all {
		row := []string{p.namespace}
		for _, c := range shown {
			row = append(row, number(c.count(p.Counts)))
		}
		var failed int64
		for _, o := range p.API {
			failed += o.Failed()
		}
		row = append(row, fmt.Sprint(failed))
		if durations := p.Figure(result.MetricDuration); p.MakesRuns() {
			row = append(row, spread(durations, result.Seconds), percentiles(durations, result.Seconds))
		} else {
			row = append(row, spreadOfCalls(p.Responses()), percentilesOfCalls(p.Responses()))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// spreadOfCalls is the range of a distribution of calls.
func spreadOfCalls(h metrics.Histogram) string {
	if h.Count() == 0 {
		return "–"
	}
	return between(Duration(h.Min()), Duration(h.Max()))
}

// percentilesOfCalls is percentiles for calls.
func percentilesOfCalls(h metrics.Histogram) string {
	median, medianOK := h.Quantile(0.50)
	high, highOK := h.Quantile(0.95)
	switch {
	case !medianOK:
		return fmt.Sprintf("need %d, %d", metrics.Needed(0.50), metrics.Needed(0.95))
	case !highOK:
		return fmt.Sprintf("%s, needs %d", Duration(median), metrics.Needed(0.95))
	}
	return Duration(median) + ", " + Duration(high)
}
