package worker

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// observed is how many runs are followed together.
const observed = 1000

func TestAThousandRunsAreObservedByTwoCallsASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.observe(t, "wait-60.yaml", 2)
	})
}

// A list that takes long is a list that costs the server much.
func TestASlowServerIsObservedLess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const list = 2 * time.Second
		s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: 2 * time.Millisecond}, "ListRuns": {Median: list}}})
		d, looks := s.observe(t, "wait-60.yaml", 1)
		if busy, whole := time.Duration(len(looks))*list, d.Finished.Sub(d.Started); busy > whole/2 {
			t.Errorf("the server was busy with %d lists for %v of %v", len(looks), busy, whole)
		}
	})
}

// A KFP with users lets five calls a second through, whoever makes them. At first the runs that are being made
// leave hardly a place to anybody else, and then the server has nothing else to do.
func TestAThousandRunsOnAThrottledServerAreObservedByOneCallASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{
			MultiUser: true, Tokens: map[string][]string{"secret": {"team"}}, Throttle: sandbox.Throttle{QPS: 5, Burst: 10},
		})
		token := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(token, []byte("secret"), 0o600); err != nil {
			t.Fatal(err)
		}
		var err error
		if s.client, err = kfp.New(kfp.Config{
			BaseURL: serverURL, Token: kfp.TokenFile(token), Transport: inprocess.Transport{Handler: s}, Timeout: 10 * time.Minute,
		}); err != nil {
			t.Fatal(err)
		}
		s.observe(t, "wait-300.yaml", 1)
	})
}

// observe makes runs of a pipeline, as good as all at once, follows them to their ends, and returns the calls for
// their states. No second, wherever it begins, may have more than so many of them.
func (s *stand) observe(t *testing.T, pipeline string, most int) (*result.Document, []heard) {
	t.Helper()
	d := s.run(t, fmt.Sprintf(`[{"mode": "PIPELINE_RUN", "runTime": "10m", "drain": "30m", "numTimes": %d, "load": {"rate": "1000/s"},
		"pipelineFileName": %q}]`, observed, pipeline))
	e := d.Entries[0]
	if e.Counts.Succeeded != observed || atWork(e.Runs) != observed {
		t.Fatalf("counts %+v, %d at work together", e.Counts, atWork(e.Runs))
	}
	looks := s.heardOf("GET/runs")
	if least := observed / kfp.MaxBatch; len(looks) < least {
		t.Errorf("%d calls cannot tell of %d runs that they have ended", len(looks), observed)
	}
	var crowded []string
	for i := most; i < len(looks); i++ {
		if took := looks[i].at.Sub(looks[i-most].at); took < time.Second {
			crowded = append(crowded, fmt.Sprintf("%v after the start %d calls within %v", looks[i-most].at.Sub(d.Started), most+1, took))
		}
	}
	if len(crowded) > 0 {
		t.Errorf("more than %d calls a second %d times: %s", most, len(crowded), crowded[0])
	}
	return d, looks
}
