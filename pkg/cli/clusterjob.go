package cli

import (
	"context"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// clusterJob is what a run has in one namespace.
type clusterJob struct {
	*runOptions
	cluster   *cluster.Cluster
	namespace string
	// tag is what lines about it begin with; empty where the run has no other.
	tag     string
	account string
	id      string
	objects *jobspec.Objects

	launched time.Time
	// node is where its pod runs, and took how long that took.
	node string
	took time.Duration
	// fatal is why the worker could not start the run, as its log has it.
	fatal *handoff.Problem
	// collected is what it left. Err is why it came to nothing, or why no more is known of it.
	collected cluster.Collected
	err       error
}

// build makes the objects of a part of the run under its id.
func (j *clusterJob) build(p plan, id string, options jobspec.Options) (err error) {
	j.id = id
	options.RunID, options.Namespace, options.ServiceAccount = id, j.namespace, j.account
	options.LogLevel = j.logs.level
	if p.several() {
		options.Group = p.id
	}
	j.objects, err = buildJob(p.document, options, j.job.pod.patchFile)
	return err
}

// preflight makes the checks of the namespace that cost nothing.
func (j *clusterJob) preflight(ctx context.Context, document *scenario.Document, seen glimpse) ([]handoff.Check, error) {
	return cheapChecks(ctx, j.cluster, document.Within(j.namespace), j.objects, j.kfp, seen)
}

// tellWaiting tells what the pod's start waits for.
func (j *clusterJob) tellWaiting(p *handoff.Problem) {
	if p.Evidence == "" {
		j.console.note("  waiting: %s", tagged(j.tag, p.Cause))
		return
	}
	j.console.note("  waiting: %s (%s)", tagged(j.tag, p.Cause), p.Evidence)
}

// remove removes what has no result, tells of what is left, and reports whether nothing is.
func (j *clusterJob) remove(ctx context.Context) (clean bool) {
	left := j.cluster.Remove(context.WithoutCancel(ctx), j.objects)
	if left != nil {
		j.tellLeft(left)
	}
	return left == nil
}

// tellLeft tells what is still in the cluster.
func (j *clusterJob) tellLeft(left error) {
	j.console.fail(tagged(j.tag, left.Error()))
	j.console.command("remove it with:", j.commands().Remove)
}

// giveUp tells why there is no result and removes what there is.
func (j *clusterJob) giveUp(ctx context.Context, err error) exitCode {
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
	j.console.command("look into it with:", j.commands().Follow)
	j.console.command("remove it with:", j.commands().Remove)
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

// commands are the plain kubectl commands for the Job, against the same cluster.
func (j *clusterJob) commands() cluster.Commands {
	return j.cluster.Commands(j.id, kubectlFlags(j.kubernetes)...)
}
