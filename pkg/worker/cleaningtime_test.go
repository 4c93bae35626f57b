package worker

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// Deleting may take minutes, and a stream that says nothing is cut.
func TestTheDeletingIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Throttle: sandbox.Throttle{QPS: 1, Burst: 1}})
		var at []time.Time
		d := s.runWith(t.Context(), t, `[{"mode": "PIPELINE_RUN", "runTime": "100s", "load": {"rate": "0.8/s"}, "pipelineFileName": "wait.yaml"}]`, func(o *Options) {
			o.Keep = result.KeepFailed
			o.Emit = func(handoff.Event) { at = append(at, time.Now()) }
		})
		if took := time.Duration(d.Cleanup.Took); took < 50*time.Second || d.Cleanup.Deleted.Runs != 80 {
			t.Fatalf("%+v", d.Cleanup)
		}
		for i := range at[1:] {
			if silence := at[i+1].Sub(at[i]); silence > 15*time.Second {
				t.Errorf("nothing was told for %v", silence)
			}
		}
	})
}

// A pod that is told to end has a minute, however slow the server is.
func TestACancellationBoundsTheDeleting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{Throttle: sandbox.Throttle{QPS: 2, Burst: 4}})
		ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
		defer cancel()
		start := time.Now()
		d := s.runWith(ctx, t, `[{"mode": "PIPELINE_RUN", "runTime": "100s", "load": {"rate": "1.8/s"}, "pipelineFileName": "wait-600.yaml"}]`, keeping(result.KeepFailed))
		if took := time.Since(start) - time.Minute; took > 45*time.Second || d.Cleanup.Complete() {
			t.Errorf("took %v, %+v", took, d.Cleanup)
		}
		if d.Cleanup.Deleted.Runs < 30 || d.Cleanup.Deleted.Runs+d.Cleanup.LeftTotal < 100 || len(s.heardOf("POST/runs/ID:terminate")) > 0 {
			t.Errorf("%+v", d.Cleanup)
		}
	})
}

func TestSomebodyElsesRunKeepsItsExperiment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.tamper("POST/runs", func(n int) bool { return n == 2 }, func(w http.ResponseWriter, next func(http.ResponseWriter)) {
			next(w)
			experiment, found, err := s.client.FindExperiment(t.Context(), "load-1-1", "")
			pipelines, listed := s.client.Every(t.Context(), kfp.Pipelines, kfp.Query{})
			if err != nil || listed != nil || !found {
				t.Error(err, listed, found)
				return
			}
			if _, err := s.client.CreateRun(t.Context(), kfp.NewRun{Name: "mine", ExperimentID: experiment, PipelineID: pipelines[0].ID}); err != nil {
				t.Error(err)
			}
		})
		before := s.things(t)
		d := s.runWith(t.Context(), t, `[{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 2, "pipelineFileName": "wait.yaml"}]`, keeping(result.KeepNone))
		if got := unlike(s.things(t), before); !slices.Equal(got, []string{"Experiments load-1-1", "Runs mine"}) {
			t.Errorf("left %q", got)
		}
		if c := d.Cleanup; !c.Complete() || *c.Kept != (result.Things{Experiments: 1}) {
			t.Errorf("%+v, kept %+v", c, c.Kept)
		}
	})
}
