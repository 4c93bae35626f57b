package workload

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// stage is how far a run got. Each stage belongs to one of the result's counts.
type stage int

const (
	notStarted stage = iota
	// creating waits for the answer to the create call.
	creating
	// seeking waits to be found by name, because there was no answer.
	seeking
	// following waits for a terminal state.
	following
	// ended has reached one.
	ended
	// refused never came to be.
	refused
	// vanished came to be, and then the server did not know it any more.
	vanished
)

// run is one slot of an entry.
type run struct {
	result.Run
	stage stage
}

// runsOf returns a slot that creates one run and hands it over to the tracker.
func (e *Entry) runsOf(pipeline kfp.Pipeline, experimentID string) slotFunc {
	e.made(pipeline, experimentID)
	return func(ctx context.Context, slot load.Slot) {
		name := fmt.Sprintf("%s-%d-%d", e.target.RunID, e.index+1, slot.Index+1)
		e.sent(slot, name)
		created, err := e.target.Client.CreateRun(ctx, kfp.NewRun{
			Name: name, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
			ExperimentID: experimentID, Params: e.spec.Params,
		})
		now := e.target.now()
		f := &followed{entry: e, slot: slot.Index, name: name, looked: now}
		switch {
		case err == nil:
			f.id = created.ID
			e.answered(slot.Index, following, created.ID, "", now)
			e.tracker.follow(f)
		case unanswered(err):
			e.answered(slot.Index, seeking, "", classOf(err), now)
			e.tracker.follow(f)
		default:
			e.answered(slot.Index, refused, "", classOf(err), now)
		}
	}
}

// unanswered reports whether a failed create call may have made a run all the same: when no answer
// came, or one from a proxy that had none from the server.
func unanswered(err error) bool {
	var failed *kfp.Error
	if !errors.As(err, &failed) {
		return false
	}
	return failed.Status == 0 || failed.Status == http.StatusBadGateway || failed.Status == http.StatusGatewayTimeout
}

// classOf returns what calls that failed alike are counted under.
func classOf(err error) string {
	var failed *kfp.Error
	if !errors.As(err, &failed) {
		return "client error"
	}
	return failed.Class
}
