package result

import (
	"slices"
	"testing"
	"time"
)

func TestTickLagsAreOfCountedRunsWithATick(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	e := Entry{Runs: []Run{
		{Tick: at, ServerCreated: at.Add(9 * time.Second)},
		{Tick: at, ServerCreated: at.Add(4 * time.Second)},
		{Tick: at, ServerCreated: at.Add(-time.Second)}, // by a clock that is read in whole seconds
		{Tick: at, ServerCreated: at.Add(time.Hour), WarmUp: true},
		{ServerCreated: at.Add(time.Hour)},
		{Tick: at},
	}}
	if got := e.TickLags(); !slices.Equal(got, []time.Duration{0, 4 * time.Second, 9 * time.Second}) {
		t.Errorf("%v", got)
	}
}
