package result

import (
	"testing"
	"time"
)

func TestTickLagsAreOfCountedRunsWithATick(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var f Figures
	for _, r := range []Run{
		{Tick: at, ServerCreated: at.Add(9 * time.Second)},
		{Tick: at, ServerCreated: at.Add(4 * time.Second)},
		{Tick: at, ServerCreated: at.Add(-time.Second)}, // by a clock that is read in whole seconds
		{Tick: at, ServerCreated: at.Add(time.Hour), WarmUp: true},
		{ServerCreated: at.Add(time.Hour)},
		{Tick: at},
	} {
		r.State, r.Terminal, r.RecurringRun = "FAILED", at, "r"
		f.Add(r)
	}
	lags := Entry{Figures: f.Distributions(0)}.Figure(MetricScheduleLag)
	if lags.Count() != 3 || lags.Min() != 0 || lags.Sum() != 13 || lags.Max() != 9 {
		t.Errorf("%+v", lags)
	}
}
