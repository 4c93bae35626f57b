package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// stageTable tells where the time of each entry's runs went: a row for the duration, and one for each of its
// parts.
func stageTable(d *result.Document) *table {
	t := &table{head: []string{"time of a run", "mean", "range", "p50, p95"}, right: []bool{1: true}}
	for _, e := range d.Entries {
		if e.Figure(result.MetricQueue).Count() == 0 {
			continue
		}
		for _, f := range e.Figures {
			if f.Unit == result.Number || f.Name == result.MetricScheduleLag || f.Values.Count() == 0 {
				continue
			}
			name := "    " + f.Name
			if f.Name == result.MetricDuration {
				name = fmt.Sprintf("%d %s", e.Index+1, f.Name)
			}
			t.rows = append(t.rows, []string{
				name, amount(int64(math.Round(f.Values.Mean())), f.Unit), spread(f.Values, f.Unit), percentiles(f.Values, f.Unit),
			})
		}
	}
	return t
}

// runLines tell what figures of runs say beside their distribution.
func runLines(d *result.Document) []string {
	var lines []string
	for _, e := range d.Entries {
		lines = append(lines, taskLine(e)...)
		lines = append(lines, trendLine(e)...)
	}
	return lines
}

// taskLine tells of tasks that did no work, or more than was asked for.
func taskLine(e result.Entry) []string {
	tasks, cached, retried := e.Figure(result.MetricTasks), e.Figure(result.MetricCachedTasks), e.Figure(result.MetricRetriedTasks)
	if cached.Sum() == 0 && retried.Sum() == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: of %d tasks %d came from KFP's cache, and %d were tried again",
		e.Name(), tasks.Sum(), cached.Sum(), retried.Sum())}
}

// trendLine tells of runs that took longer the later they were asked for, where chance does not explain it.
func trendLine(e result.Entry) []string {
	i := slices.IndexFunc(e.Figures, func(f result.Distribution) bool { return f.Name == result.MetricDuration })
	if i < 0 || e.Figures[i].Trend == nil {
		return nil
	}
	slope, half, ok := e.Figures[i].Trend.Per100()
	if !ok || math.Abs(slope) <= half {
		return nil
	}
	change := "longer"
	if slope < 0 {
		change = "shorter"
	}
	return []string{fmt.Sprintf("%s: a run took %.2g s %s than the one a hundred before it (95 %% interval ±%.1g s)",
		e.Name(), math.Abs(slope), change, half)}
}
