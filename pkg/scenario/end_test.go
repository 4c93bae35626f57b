package scenario

import (
	"testing"
	"time"
)

func TestEndIsTheLatestOfAllEntries(t *testing.T) {
	minute := func(n time.Duration) Duration { return Duration(n * time.Minute) }
	long, none := minute(30), minute(0)
	first := Entry{Mode: PipelineRun, StartTime: minute(1), RunTime: minute(10)}
	for name, test := range map[string]struct {
		entries []Entry
		want    time.Duration // in minutes
	}{
		"no entries":                {nil, 0},
		"one":                       {[]Entry{first}, 16},
		"a later start":             {[]Entry{first, {Mode: Experiment, StartTime: minute(9), RunTime: minute(4)}}, 18},
		"an earlier end":            {[]Entry{first, {Mode: Experiment, StartTime: minute(9), RunTime: minute(1)}}, 16},
		"a longer drain of its own": {[]Entry{first, {Mode: Experiment, RunTime: minute(2), Drain: &long}}, 32},
		"no drain of its own":       {[]Entry{{Mode: Experiment, RunTime: minute(10), Drain: &none}}, 10},
		"a runTime that is filled":  {[]Entry{{Mode: Experiment, RunTime: minute(10), Load: &Shape{Rate: 1}}}, 16},
		"reads":                     {[]Entry{{Mode: RandomGets, RunTime: minute(10)}}, 16},
		"uploads":                   {[]Entry{{Mode: PipelineUpload, RunTime: minute(10)}}, 16},
		"a schedule":                {[]Entry{{Mode: PipelineScheduledRun, RunTime: minute(10)}}, 20},
		"terminated":                {[]Entry{{Mode: PipelineRun, RunTime: minute(10), Terminate: true}}, 20},
	} {
		if got := (&Document{Entries: test.entries}).End(5 * time.Minute); got != test.want*time.Minute {
			t.Errorf("%s: %v, want %v", name, got, test.want*time.Minute)
		}
	}
}
