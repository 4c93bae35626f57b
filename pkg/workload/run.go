package workload

import (
	"context"
	"errors"
	"net/http"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// runsOf returns the work of making runs and waiting for their ends.
func (e *Entry) runsOf(pipeline kfp.Pipeline, experimentID string) work {
	e.made(pipeline, experimentID)
	return work{
		slot: func(ctx context.Context, s slot) bool {
			name := e.nameOf(s)
			e.sent(s, name)
			created, err := s.client.CreateRun(ctx, kfp.NewRun{
				Name: name, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
				ExperimentID: experimentID, Description: Mark(e.target.RunID), Params: e.spec.Params,
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
				e.rest(ctx) // before the slot is over: its client is free then
				e.answered(s.Index, refused, "", classOf(err), now)
			}
			return true
		},
		finish: e.terminateRest,
	}
}

// unanswered reports whether a failed create call may have made a run all the same: when no answer came,
// one that could not be read to its end or understood, or one from a proxy that had none from the server.
func unanswered(err error) bool {
	var refusal *kfp.Error
	return errors.As(err, &refusal) && refusal.Class != kfp.ClassToken && !answered(err) // without a token nothing was sent
}

// answered reports whether the server itself refused.
func answered(err error) bool {
	switch kfp.StatusOf(err) {
	case 0, http.StatusOK, http.StatusBadGateway, http.StatusGatewayTimeout:
		return false
	}
	return true
}

// classOf returns what calls that failed alike are counted under.
func classOf(err error) string {
	var refusal *kfp.Error
	if !errors.As(err, &refusal) {
		return "client error"
	}
	return refusal.Class
}
