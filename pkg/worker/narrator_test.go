package worker

import (
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

func TestSilenceIsBroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var told []time.Duration
		n := &narrator{
			emit:    func(handoff.Event) { told = append(told, time.Since(start)) },
			started: start, looks: func() workload.Looks { return workload.Looks{} },
		}
		finished := make(chan struct{})
		time.AfterFunc(40*time.Second+glance/2, func() { close(finished) })
		n.narrate(finished)
		if want := []time.Duration{0, 15 * time.Second, 30 * time.Second}; !slices.Equal(told, want) {
			t.Errorf("told at %v, want %v", told, want)
		}
	})
}

func TestEachOutageIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var told []time.Duration
		n := &narrator{
			emit: func(e handoff.Event) {
				if e.Type == handoff.EventProblem {
					told = append(told, time.Since(start))
					if e.Problem.Evidence != "http 503" {
						t.Errorf("problem %+v", e.Problem)
					}
				}
			},
			logger: slog.New(slog.DiscardHandler), started: start,
			looks: func() workload.Looks {
				second := int(time.Since(start).Seconds())
				failing := second >= 3 && second <= 6 || second == 9
				return workload.Looks{Failing: failing, LastError: errors.New("http 503")}
			},
		}
		finished := make(chan struct{})
		time.AfterFunc(12*time.Second+glance/2, func() { close(finished) })
		n.narrate(finished)
		if want := []time.Duration{3 * time.Second, 9 * time.Second}; !slices.Equal(told, want) {
			t.Errorf("told at %v, want %v", told, want)
		}
	})
}

func TestProgressText(t *testing.T) {
	for _, test := range []struct {
		elapsed time.Duration
		entries []handoff.EntryProgress
		want    string
	}{
		{
			41 * time.Second,
			[]handoff.EntryProgress{
				{Mode: "PIPELINE_RUN", Phase: "running", Total: 2, InFlight: 2, CreateMax: 210 * time.Millisecond},
				{Entry: 1, Mode: "EXPERIMENT", Phase: "waiting", Total: 5},
			},
			"00:41 #1 PIPELINE_RUN 0/2 done, 2 in flight, create max 210 ms; #2 EXPERIMENT waiting",
		},
		{
			time.Hour + 2*time.Minute + 3*time.Second,
			[]handoff.EntryProgress{
				{Mode: "PIPELINE_RUN", Phase: "done", Total: 9, Succeeded: 4, Failed: 2, Errors: 3, CreateMax: 1340 * time.Millisecond},
				{Entry: 1, Mode: "EXPERIMENT", Phase: "done", Failure: "refused"},
				{Entry: 2, Mode: "EXPERIMENT", Phase: "preparing"},
			},
			"1:02:03 #1 PIPELINE_RUN 6/9 done, 2 failed, 3 not created, create max 1.3 s; #2 EXPERIMENT failed; #3 EXPERIMENT preparing",
		},
	} {
		if got := progressText(test.elapsed, test.entries); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
