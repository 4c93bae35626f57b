package result

import (
	"fmt"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Outcome is what became of one threshold.
type Outcome struct {
	Threshold scenario.Threshold `json:"threshold"`
	// Entry is the place, from 1, of the entry that the threshold is of; 0 says all entries together.
	Entry int `json:"entry,omitempty"`
	// Value is what was measured, in the unit of the threshold's own: seconds, a fraction or a number. It
	// is null where the samples do not support one.
	Value *float64 `json:"value"`
	Met   bool     `json:"met"`
	// Doubt is why there is no value.
	Doubt string `json:"doubt,omitempty"`
}

// Evaluate judges all thresholds of the scenario by the document's figures; it looks at nothing else of it. Those
// of a scenario over several namespaces that are of all entries together are left to Beside, which has all.
func Evaluate(d *Document) []Outcome {
	var outcomes []Outcome
	if !d.isPart() {
		outcomes = judgeAll(0, figuresOf(d.API, d.Entries), d.Scenario.Thresholds)
	}
	for _, e := range d.Entries {
		if asked, known := d.asked(e); known {
			outcomes = append(outcomes, judgeAll(e.Index+1, figuresOf(e.API, []Entry{e}), asked.Thresholds)...)
		}
	}
	return outcomes
}

// judgeAll judges thresholds of an entry, by its place from 1, or of all entries, by 0.
func judgeAll(entry int, f figures, thresholds []scenario.Threshold) []Outcome {
	var outcomes []Outcome
	for _, t := range thresholds {
		outcomes = append(outcomes, f.judge(entry, t))
	}
	return outcomes
}

// figures are what thresholds are about.
type figures struct {
	api       []metrics.Operation
	counts    Counts
	schedule  Schedule
	durations metrics.Whole
	lags      metrics.Whole
}

func figuresOf(api []metrics.Operation, entries []Entry) figures {
	f := figures{api: api}
	for _, e := range entries {
		f.counts = f.counts.Plus(e.Counts)
		f.durations.Merge(e.Figure(MetricDuration))
		f.lags.Merge(e.Figure(MetricScheduleLag))
		if s := e.Schedule; s != nil {
			f.schedule.Expected += s.Expected
			f.schedule.Missed += s.Missed
			f.schedule.Double += s.Double
			f.schedule.Late += s.Late
		}
	}
	return f
}

// judge compares a figure with its threshold.
func (f figures) judge(entry int, t scenario.Threshold) Outcome {
	outcome := Outcome{Threshold: t, Entry: entry}
	value, doubt := f.value(t)
	if doubt != "" {
		outcome.Doubt = doubt
		return outcome
	}
	outcome.Value = &value
	switch t.Compare {
	case "<":
		outcome.Met = value < t.Value
	case "<=":
		outcome.Met = value <= t.Value
	case ">":
		outcome.Met = value > t.Value
	case ">=":
		outcome.Met = value >= t.Value
	case "==":
		outcome.Met = value == t.Value
	}
	return outcome
}

// value returns the figure that a threshold is about, or why there is none.
func (f figures) value(t scenario.Threshold) (value float64, doubt string) {
	switch t.Subject + "." + t.Measure {
	case "run.duration":
		return statistic(metrics.Seconds{Whole: f.durations}, t, "runs that succeeded")
	case "ticks.lag":
		return statistic(metrics.Seconds{Whole: f.lags}, t, "runs by schedule")
	case "runs.success":
		return share(f.counts.Succeeded, f.counts.Planned, t)
	case "runs.failed":
		return share(f.counts.Failed, f.counts.Planned, t)
	case "runs.unfinished":
		return share(f.counts.Unfinished, f.counts.Planned, t)
	case "runs.errors":
		return share(f.counts.Errors, f.counts.Planned, t)
	case "runs.dropped":
		return share(f.counts.Dropped, f.counts.Planned, t)
	case "ticks.missed":
		return share(f.schedule.Missed, f.schedule.Expected, t)
	case "ticks.double":
		return share(f.schedule.Double, f.schedule.Expected, t)
	case "ticks.late":
		return share(f.schedule.Late, f.schedule.Expected, t)
	}
	return f.callValue(t)
}

// callValue returns a figure of an API operation.
func (f figures) callValue(t scenario.Threshold) (float64, string) {
	i := slices.IndexFunc(f.api, func(o metrics.Operation) bool { return o.Name == t.Operation })
	var o metrics.Operation
	if i >= 0 {
		o = f.api[i]
	}
	samples := "answered calls of " + t.Operation
	switch t.Measure {
	case "calls":
		return float64(o.Calls), ""
	case "errors":
		return share(int(o.Failed()), int(o.Calls), t)
	case "response":
		return statistic(o.Response, t, samples)
	case "service":
		return statistic(o.Service, t, samples)
	case "lag":
		return statistic(o.Lag, t, samples)
	}
	return 0, fmt.Sprintf("this release does not measure %s of %s", t.Measure, t.Subject)
}

// share is a count, or its fraction of all where the threshold is a percentage.
func share(n, of int, t scenario.Threshold) (float64, string) {
	switch {
	case !t.Percent:
		return float64(n), ""
	case of == 0:
		return 0, "there is nothing that it could be a share of"
	}
	return float64(n) / float64(of), ""
}

// distribution is what statistics are taken of.
type distribution interface {
	Count() int64
	Min() time.Duration
	Max() time.Duration
	Mean() time.Duration
	Quantile(q float64) (time.Duration, bool)
}

// statistic is one figure of a distribution, in seconds.
func statistic(d distribution, t scenario.Threshold, samples string) (seconds float64, doubt string) {
	if d.Count() == 0 {
		return 0, "there are no " + samples
	}
	switch t.Statistic {
	case "min":
		return d.Min().Seconds(), ""
	case "max":
		return d.Max().Seconds(), ""
	case "mean":
		return d.Mean().Seconds(), ""
	}
	value, ok := d.Quantile(t.Quantile)
	if !ok {
		return 0, fmt.Sprintf("%s needs %d %s, and there are %d", t.Statistic, metrics.Needed(t.Quantile), samples, d.Count())
	}
	return value.Seconds(), ""
}
