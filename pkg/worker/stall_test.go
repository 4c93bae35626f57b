package worker

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
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
	// 1,000 of 30,000 calls came while nobody was answered, and had all of the second before them, or any part of
	// it. The rest took 2 ms: a call that was sent when the stall was over saw nothing of it.
	const usual = 2 * time.Millisecond
	calls := callsOf(d, "GetExperiment")
	for quantile, want := range map[float64]time.Duration{
		0.999: 970*time.Millisecond + usual, 0.99: 700*time.Millisecond + usual, 0.97: 100*time.Millisecond + usual,
		29.0 / 30: usual, 0.5: usual,
	} {
		for name, h := range map[string]metrics.Histogram{"response": calls.Response, "service": calls.Service} {
			if got, ok := h.Quantile(quantile); !ok || (got-want).Abs() > want/1000+time.Millisecond {
				t.Errorf("quantile %v of the %s is %v, want %v", quantile, name, got, want)
			}
		}
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
