package cli

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
)

// clusterJob is what a run has in one namespace.
type clusterJob struct {
	*attendant
	cluster   *cluster.Cluster
	namespace string
	// tag is what lines about it begin with; empty where the run has no other.
	tag string
	id  string
	// own says that this process has launched it; begun, that its worker started before this process came.
	own, begun bool
	// kept says that it stays in the cluster even where it came to nothing.
	kept bool
	// stopping says that its worker was asked to stop.
	stopping bool

	launched time.Time
	// node is where its pod runs, and took how long that took.
	node string
	took time.Duration
	// replay is what was said before this process came; nil when that is through.
	replay *replay
	// last is the last event that was heard.
	last handoff.Event
	// fatal is why the worker could not start the run, as its log has it.
	fatal *handoff.Problem
	// collected is what it left. Err is why it came to nothing, or why no more is known of it.
	collected cluster.Collected
	err       error
}

// tellWaiting tells what the pod's start waits for.
func (j *clusterJob) tellWaiting(p *handoff.Problem) {
	if p.Evidence == "" {
		j.console.note("  waiting: %s", tagged(j.tag, p.Cause))
		return
	}
	j.console.note("  waiting: %s (%s)", tagged(j.tag, p.Cause), p.Evidence)
}

// tellStarted tells that the pod runs, where this process has waited for it.
func (j *clusterJob) tellStarted() {
	switch {
	case j.begun:
	case j.own:
		j.done("job %s created · pod running on %s after %s", jobspec.JobName(j.id), j.node, report.Duration(j.took))
	default:
		j.done("pod running on %s", j.node)
	}
}

// Why a Job has no result that was cancelled.
var (
	errNeverStarted = errors.New("it was cancelled before it had started")
	errNotCancelled = errors.New("it could not be cancelled")
)

// ended reports whether the Job's record, and its result where it has one, are home.
func (j *clusterJob) ended() bool { return j.collected.Commit.RunID != "" }

// cancel asks the worker to stop. A run that has not started is removed in the end.
func (j *clusterJob) cancel(ctx context.Context, how handoff.Stop) {
	if j.ended() {
		return
	}
	switch err := j.cluster.Stop(ctx, j.id, how); {
	case errors.Is(err, cluster.ErrNotStarted) && (j.begun || j.node != ""):
		j.err = nil // its pod is gone, and may have left a copy of a result
	case errors.Is(err, cluster.ErrNotStarted):
		j.err = errNeverStarted
	case err != nil:
		j.err = errors.Join(errNotCancelled, err)
	default:
		j.err, j.stopping = nil, true
		j.done("asked the run to stop; its result comes home when it has")
	}
}

// remove removes what has no result, tells of what is left, and reports whether nothing is.
func (j *clusterJob) remove(ctx context.Context) (clean bool) {
	left := j.cluster.Remove(context.WithoutCancel(ctx), j.id)
	if left != nil {
		j.tellLeft(left)
	}
	return left == nil
}

// tellLeft tells what is still in the cluster.
func (j *clusterJob) tellLeft(left error) {
	j.console.fail(tagged(j.tag, left.Error()))
	j.console.command("remove it with:", j.command("delete", "--force"))
}

// giveUp tells why there is no result and removes what there is.
func (j *clusterJob) giveUp(ctx context.Context, err error) exitCode {
	if j.kept {
		return j.keep(exitNoStart, err)
	}
	j.tell(err)
	if j.remove(ctx) {
		j.console.note("  Nothing was left in %s.", j.namespace)
	}
	return exitNoStart
}

// keep tells what is wrong and leaves all in the cluster, where it can be looked at.
func (j *clusterJob) keep(code exitCode, err error) exitCode {
	j.tell(err)
	j.console.note("  The run was left in %s.", j.namespace)
	j.console.command("look into it with:", j.command("logs"))
	j.console.command("remove it with:", j.command("delete", "--force"))
	return code
}

// tell tells why something came to nothing; the code is decided by the caller.
func (j *clusterJob) tell(err error) {
	j.err = err
	_ = j.console.ended(taggedError(j.tag, err))
}

// done tells that a step succeeded.
func (j *clusterJob) done(format string, args ...any) {
	if j.tag != "" {
		format = "%s: " + format
		args = append([]any{j.tag}, args...)
	}
	j.console.done(format, args...)
}

// command is what to type for a verb of the plugin's about this Job, against the same cluster.
func (j *clusterJob) command(verb string, flags ...string) string {
	return commandFor(verb, j.id, slices.Concat([]string{"-n", j.namespace}, kubectlFlags(j.kubernetes), flags)...)
}
