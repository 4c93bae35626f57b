package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// maxIDs is how many run ids are tried; six random characters are taken once in a billion times.
const maxIDs = 3

// clusterRun is a run in the cluster, from its launch to its end.
type clusterRun struct {
	*runOptions
	cluster   *cluster.Cluster
	namespace string
	id        string
	objects   *jobspec.Objects
	launched  time.Time
	// fatal is why the worker could not start the run, as its log has it.
	fatal *handoff.Problem
}

// inCluster launches the run, follows it and brings its result home.
func (o *runOptions) inCluster(ctx context.Context, document *scenario.Document) error {
	connected, namespace, err := connect(o.kubernetes, "kubectl-kfpperf/"+o.version)
	if err != nil {
		return err
	}
	r := &clusterRun{runOptions: o, cluster: connected, namespace: namespace}
	if err := r.launch(ctx, document); err != nil {
		var decided *exitError
		switch {
		case ctx.Err() != nil:
			err = errors.New("interrupted before the job was created")
		case errors.As(err, &decided):
			return err
		}
		return exitWith(exitNoStart, err)
	}
	node, err := r.cluster.Start(ctx, r.id, cluster.Starting{Timeout: o.startTimeout, Tell: o.tellWaiting})
	if err != nil {
		return r.neverStarted(ctx, err)
	}
	o.console.done("job %s created · pod running on %s after %s", r.objects.Job.Name, node,
		report.Duration(time.Since(r.launched)))
	return r.attend(ctx)
}

// launch checks whether the run can start, and creates it under an id that is free.
func (r *clusterRun) launch(ctx context.Context, document *scenario.Document) error {
	options, err := launchOptions(&r.job, &r.kfp)
	if err != nil {
		return exitWith(exitUsage, err)
	}
	options.Namespace, options.LogLevel = r.namespace, r.logs.level
	if options.ServiceAccount, err = r.account(ctx); err != nil {
		return err
	}
	for range maxIDs {
		if options.RunID, err = jobspec.NewRunID(document.Name, rand.Reader); err != nil {
			return err
		}
		r.id = options.RunID
		if r.objects, err = buildJob(document, options, r.job.pod.patchFile); err != nil {
			return exitWith(exitUsage, err)
		}
		r.announce(document, r.id, "in "+r.namespace)
		if err := r.preflight(ctx, document); err != nil {
			return err
		}
		r.launched = time.Now()
		if err := r.cluster.Launch(ctx, r.objects); !errors.Is(err, cluster.ErrExists) {
			return err
		}
	}
	return fmt.Errorf("%d run ids in a row were taken: %w", maxIDs, cluster.ErrExists)
}

// account is the Job's.
func (r *clusterRun) account(ctx context.Context) (string, error) {
	if r.job.serviceAccount != "" {
		return r.job.serviceAccount, nil
	}
	return r.cluster.ServiceAccount(ctx)
}

// preflight makes the checks that cost nothing, and stops at what would keep the run from starting.
func (r *clusterRun) preflight(ctx context.Context, document *scenario.Document) error {
	began := time.Now()
	checks, err := cheapChecks(ctx, r.cluster, document, r.objects, r.kfp)
	if err != nil {
		return err
	}
	if failures := failed(checks); len(failures) > 0 {
		for _, failure := range failures {
			r.console.problem(failure.Problem())
		}
		r.console.note("%s; nothing was started. kubectl kfpperf check tells more.", failedOf(checks))
		return exitWith(exitNoStart, nil)
	}
	r.console.done("checks passed (%d, in %s)", passed(checks), report.Duration(time.Since(began)))
	return nil
}

// tellWaiting tells what the pod's start waits for.
func (o *runOptions) tellWaiting(p *handoff.Problem) {
	if p.Evidence == "" {
		o.console.note("  waiting: %s", p.Cause)
		return
	}
	o.console.note("  waiting: %s (%s)", p.Cause, p.Evidence)
}

// neverStarted removes a run whose pod did not start, and tells why it did not; an interrupt leaves it
// alone.
func (r *clusterRun) neverStarted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return r.detach()
	}
	if errors.Is(err, cluster.ErrOutage) {
		_ = r.console.ended(err) // the code is detach's
		return r.detach()
	}
	return r.giveUp(ctx, err)
}

// giveUp tells why the run came to nothing and removes it: no result is in it.
func (r *clusterRun) giveUp(ctx context.Context, err error) error {
	_ = r.console.ended(err) // the code is decided here
	if left := r.cluster.Remove(context.WithoutCancel(ctx), r.objects); left != nil {
		r.console.fail(left.Error())
		r.console.command("remove it with:", r.commands().Remove)
		return exitWith(exitNoStart, nil)
	}
	r.console.note("  Nothing was left in %s.", r.namespace)
	return exitWith(exitNoStart, nil)
}

// detach leaves the run alone and prints how to go on without the plugin.
func (r *clusterRun) detach() error {
	r.console.note("detached; the run goes on")
	r.console.command("follow it with:", r.commands().Follow)
	r.console.command("remove it with:", r.commands().Remove)
	return exitWith(exitDetached, nil)
}

// commands are the plain kubectl commands for this run, against the same cluster.
func (r *clusterRun) commands() cluster.Commands {
	return r.cluster.Commands(r.id, kubectlFlags(r.kubernetes)...)
}
