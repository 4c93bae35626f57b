package workload

import (
	"context"
	"errors"
	"net/http"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// stage is how far a run got. Each stage belongs to one of the result's counts.
type stage int

const (
	// creating waits for the answer to the create call.
	creating stage = iota
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

// run is one slot of an entry that makes runs.
type run struct {
	result.Run
	stage stage
	// settled is closed when nothing more is to be learnt.
	settled chan struct{}
}

// enter puts the run into a stage. The entry's lock is held.
func (r *run) enter(next stage) {
	r.stage = next
	switch next {
	case ended, refused, vanished:
		close(r.settled)
	}
}

// runsOf returns the work of making runs and waiting for their ends.
func (e *Entry) runsOf(pipeline kfp.Pipeline, experimentID string) work {
	e.made(pipeline, experimentID)
	return work{slot: func(ctx context.Context, s slot) {
		name := e.nameOf(s)
		settled := e.sent(s, name)
		created, err := s.client.CreateRun(ctx, kfp.NewRun{
			Name: name, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
			ExperimentID: experimentID, Params: e.spec.Params,
		})
		now := e.target.now()
		f := &followed{entry: e, slot: s.Index, name: name, looked: now}
		switch {
		case err == nil:
			f.id = created.ID
			e.answered(s.Index, following, created.ID, "", now)
			e.tracker.follow(f)
		case unanswered(err):
			e.answered(s.Index, seeking, "", classOf(err), now)
			e.tracker.follow(f)
		default:
			e.answered(s.Index, refused, "", classOf(err), now)
		}
		select {
		case <-settled:
		case <-ctx.Done():
		}
	}}
}

// unanswered reports whether a failed create call may have made a run all the same: when no answer came,
// one that could not be read to its end or understood, or one from a proxy that had none from the server.
func unanswered(err error) bool {
	var failed *kfp.Error
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Status {
	case 0:
		return failed.Class != kfp.ClassToken // nothing was sent
	case http.StatusOK, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// classOf returns what calls that failed alike are counted under.
func classOf(err error) string {
	var failed *kfp.Error
	if !errors.As(err, &failed) {
		return "client error"
	}
	return failed.Class
}
