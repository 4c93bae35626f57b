package conformance

import (
	"net/http"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

func (c *suite) terminations(t *testing.T) {
	t.Run("ARunThatIsUnderwayFails", func(t *testing.T) {
		endless := c.upload(t, unique("pipeline"), "endless.yaml")
		made := c.run(t, kfp.NewRun{Name: unique("run"), PipelineID: endless.ID, VersionID: endless.VersionID})
		if err := c.client.TerminateRun(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		run := c.follow(t, made, func(state string) bool { return state == "CANCELING" || underway(state) })
		c.ended(t, made, run, "FAILED")
	})
	t.Run("ARunThatHasEndedIsRefused", func(t *testing.T) {
		run := c.ends(t, c.upload(t, unique("pipeline"), "wait.yaml"), "SUCCEEDED")
		refusedByGateway(t, c.client.TerminateRun(t.Context(), run.ID), http.StatusBadRequest)
		if again := c.follow(t, run, underway); again.State != run.State || !again.Finished.Equal(run.Finished) {
			t.Errorf("it was %+v and is %+v", run, again)
		}
	})
}
