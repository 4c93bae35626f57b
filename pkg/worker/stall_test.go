package worker

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// A load that waits with a server that stalls would hardly see the stall: a client or two would have a slow
// answer. An open loop sees it in every slot that was due.
func TestAStallShowsInEverySlotThatWasDue(t *testing.T) {
	d := stalled(t, "1500")
	e := d.Entries[0]
	if e.Counts != (result.Counts{Planned: 30_000, Succeeded: 30_000}) || d.Verdict.Status != result.Passed {
		t.Errorf("counts %+v, verdict %+v", e.Counts, d.Verdict)
	}
	response := callsOf(d, "GetExperiment").Response
	for quantile, least := range map[float64]time.Duration{0.999: 900 * time.Millisecond, 0.99: 600 * time.Millisecond} {
		if got, ok := response.Quantile(quantile); !ok || got < least || got > time.Second {
			t.Errorf("quantile %v of the response is %v, want %v … 1 s", quantile, got, least)
		}
	}
	if median, _ := response.Quantile(0.5); median > 10*time.Millisecond {
		t.Errorf("half of all answers took %v and more", median)
	}
}

func TestWhatAStallMakesImpossibleIsDropped(t *testing.T) {
	d := stalled(t, "50")
	e := d.Entries[0]
	if n := e.Counts.Dropped; n < 940 || n > 955 || e.Counts.Succeeded != 30_000-n {
		t.Errorf("counts %+v", e.Counts)
	}
	if d.Verdict.Status != result.Invalid || !strings.Contains(d.Verdict.Reasons[0], "(3.2 %) were dropped") {
		t.Errorf("verdict %+v", d.Verdict)
	}
	if len(d.Warnings) != 2 || !strings.Contains(d.Warnings[1], "of 30000 reads were dropped because too many were in flight") {
		t.Errorf("warnings %q", d.Warnings)
	}
}

// stalled reads 1,000 times a second for 30 s; the server answers nobody for a second in the middle.
func stalled(t *testing.T, maxInFlight string) (d *result.Document) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Stalls: []sandbox.Stall{{From: 15 * time.Second, To: 16 * time.Second}}})
		d = s.run(t, `[{"mode": "RANDOM_GETS", "runTime": "30s", "load": {"rate": "1000/s", "maxInFlight": `+maxInFlight+`},
			"reads": {"weights": {"GetExperiment": 1}}}]`)
	})
	return d
}
