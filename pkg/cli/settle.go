package cli

import (
	"context"
	"errors"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// errUnderWay says that a run has no result yet.
var errUnderWay = errors.New("the run has not ended")

// noResult is why a run has none and will have none.
func noResult(run cluster.Run) error {
	if run.Problem == nil {
		return &handoff.Problem{Cause: "run " + run.ID + " has no result"}
	}
	return &handoff.Problem{Cause: "run " + run.ID + " has no result: " + run.Problem.Cause, Evidence: run.Problem.Evidence, Remedy: run.Problem.Remedy}
}

// settle writes what the Job left home, and returns it. Where there is no result it tells why, and returns the
// code of that.
func (j *clusterJob) settle(ctx context.Context) (*finished, exitCode) {
	switch err := j.err; {
	case err == nil:
		return j.take(ctx)
	case errors.Is(err, errNeverStarted):
		return nil, j.removeUnstarted(ctx)
	case errors.Is(err, errUnderWay):
		j.tell(err)
		j.console.command("follow it with:", j.command("attach"))
		return nil, exitNoStart
	case errors.Is(err, errNotCancelled):
		j.tell(err)
		j.console.note("  The run goes on in %s.", j.namespace)
		return nil, exitNoStart
	case ctx.Err() != nil:
		return nil, exitDetached
	case errors.Is(err, cluster.ErrOutage):
		j.tell(err)
		return nil, exitDetached
	case errors.Is(err, cluster.ErrUnverified):
		return nil, j.keep(exitInvalid, err)
	case errors.Is(err, errProtocol) && j.own:
		return nil, j.giveUp(ctx, err)
	default:
		return nil, j.keep(exitNoStart, err)
	}
}

// removeUnstarted removes a Job that was cancelled before it had started.
func (j *clusterJob) removeUnstarted(ctx context.Context) exitCode {
	if !j.remove(ctx) {
		return exitLeft
	}
	j.done("the run had not started; its job was removed")
	return exitNoStart
}

// take writes a result that was collected to its file. A partial one is a result.
func (j *clusterJob) take(ctx context.Context) (*finished, exitCode) {
	commit, content := j.collected.Commit, j.collected.Content
	if content == nil {
		problem := commit.Problem
		if problem == nil {
			problem = &handoff.Problem{Cause: "the worker left no result"}
		}
		if commit.Partial {
			return nil, j.keep(exitInvalid, problem)
		}
		if j.fatal != nil {
			problem = j.fatal // the record's words may be cut
		}
		return nil, j.giveUp(ctx, problem)
	}
	document, err := result.Decode(content)
	if err != nil {
		return nil, j.keep(exitInvalid, err)
	}
	file := newResultFile(j.outputDir, j.id)
	if err := file.write(content); err != nil {
		code := j.keep(exitUsage, err)
		j.console.command("collect it with:", j.command("collect"))
		return nil, code
	}
	if j.collected.Kept {
		j.console.warn("%s", tagged(j.tag, "the pod is gone; this is the copy that the run kept beside it"))
	}
	if commit.Partial {
		j.console.warn("%s", tagged(j.tag, "the result is partial: "+whyPartial(commit)))
	}
	return &finished{document: document, content: content, file: file, partial: commit.Partial}, exitDone
}

// whyPartial is why a worker did not finish its result.
func whyPartial(commit handoff.Commit) string {
	if commit.Problem != nil {
		return commit.Problem.Error()
	}
	return "its worker did not live to finish it"
}
