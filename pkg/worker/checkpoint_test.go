package worker

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

func TestCheckpointsTellWhatThereIsAndThatItIsNotAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		var sizes []int
		var last *result.Document
		d, err := Run(t.Context(), Options{
			RunID: "load-1", URL: serverURL, Namespace: "team", Client: s.client,
			Document: parse(t, `[{"mode": "PIPELINE_RUN", "runTime": "60s", "load": {"rate": "1/s"}, "pipelineFileName": "wait.yaml"}]`),
			Checkpoint: func(d *result.Document) {
				if !d.Partial || d.Verdict.Status != result.Invalid {
					t.Errorf("partial %v, verdict %+v", d.Partial, d.Verdict)
				}
				if _, err := result.Encode(d); err != nil {
					t.Error(err)
				}
				sizes, last = append(sizes, len(d.Entries[0].Runs)), d
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if d.Partial || d.Verdict.Status != result.Passed {
			t.Errorf("the result is partial %v, verdict %+v", d.Partial, d.Verdict)
		}
		if len(sizes) < 12 || sizes[0] > 1 || sizes[11] < 50 {
			t.Errorf("runs in the checkpoints: %v", sizes)
		}
		if counts := last.Entries[0].Counts; counts.Succeeded == 0 || counts.Planned != 60 {
			t.Errorf("the last has counts %+v", counts)
		}
	})
}

func TestCheckpointsOfALargeResultAreRarer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := 0
		c := checkpoints{take: func() {
			taken++
			time.Sleep(2 * time.Second)
		}}
		for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(time.Second) {
			c.lookAt(time.Now())
		}
		if taken < 5 || taken > 6 {
			t.Errorf("%d checkpoints of 2 s in 10 minutes", taken)
		}
	})
}
