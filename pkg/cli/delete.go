package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
)

// deleteOptions are the flags of delete.
type deleteOptions struct {
	*attendant
	runChoice
	force bool
	// kfp says that what the run made in KFP goes, too, by the means of cleanup.
	kfp     bool
	cleanup *cleanupOptions
}

func (p program) deleteCommand() *cobra.Command {
	o := &deleteOptions{attendant: p.newAttendant(), cleanup: p.newCleanupOptions()}
	command := &cobra.Command{
		Use:   "delete RUN",
		Short: "Remove a run from Kubernetes, and with --kfp from KFP",
		Long: `Removes a run's Job, its pod and its ConfigMaps. A run that is under way is refused, and one whose result was
not collected, unless --force says so: what is not collected is lost. With --kfp a short Job then deletes what the
run left in KFP, such as runs that failed, as cleanup does; what is deleted there is printed, a kind/name a line.

Exit code 2 says that it was refused, 6 that something is left.`,
		Example: `  kubectl kfpperf delete smoke-9k2dab -n kubeflow-user
  kubectl kfpperf delete smoke-9k2dab -n kubeflow-user --kfp`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.complete(c, args); err != nil {
				return &usageError{err}
			}
			o.cleanup.kfp.findNamespace(c.Flags())
			if err := errors.Join(o.logs.validate(), o.cleanup.kfp.validate()); err != nil {
				return &usageError{err}
			}
			return o.attended(func() error { return o.run(c.Context()) })
		},
		ValidArgsFunction: p.completeRuns(o.kubernetes),
	}
	flags := command.Flags()
	o.logs.addFlags(flags)
	addKubernetesFlags(flags, o.kubernetes)
	o.addFlag(flags)
	flags.BoolVar(&o.force, "force", false, "remove it even while it is under way, and a result that was not collected")
	flags.BoolVar(&o.kfp, "kfp", false, "remove what it made in KFP, too; the flags of cleanup say how")
	o.cleanup.addJobFlags(flags)
	return command
}

// run removes all parts of the run, or none where one must stay.
func (o *deleteOptions) run(ctx context.Context) error {
	connected, found, err := o.find(ctx, o.kubernetes, o.version)
	if err != nil {
		return err
	}
	r := o.adopt(connected, o.id, found)
	if !o.force {
		for i, j := range r.jobs {
			if j.stays(found[i]) {
				return exitWith(exitNoStart, nil)
			}
		}
	}
	for _, j := range r.jobs {
		if left := j.cluster.Remove(ctx, j.id); left != nil {
			j.tellLeft(left)
			err = exitWith(exitLeft, nil)
			continue
		}
		j.done("run %s was removed", j.id)
	}
	if o.kfp {
		return o.fromKFP(ctx, r, err)
	}
	return err
}

// fromKFP has a Job in each namespace delete what the run left in KFP. The error is the worst of what there was.
func (o *deleteOptions) fromKFP(ctx context.Context, r *clusterRun, before error) error {
	o.cleanup.console, o.cleanup.logger, o.cleanup.logs = o.console, o.logger, o.logs
	codes := []exitCode{codeOf(before)}
	for _, j := range r.jobs {
		err := o.cleanup.cleanByJob(ctx, j.cluster, j.namespace, []string{j.id}, nil, true)
		codes = append(codes, codeOf(o.console.ended(taggedError(j.tag, err))))
	}
	if code := worst(codes...); code != exitDone {
		return exitWith(code, nil)
	}
	return nil
}

// stays tells why a run is not removed without force, and reports whether that is so.
func (j *clusterJob) stays(run cluster.Run) bool {
	remedy := "Use --force to remove it all the same; its result is lost then."
	switch {
	case run.Phase.UnderWay():
		j.console.problem(taggedProblem(j.tag, &handoff.Problem{Cause: fmt.Sprintf("run %s is under way", run.ID), Remedy: remedy}))
		j.console.command("stop it with:", j.command("cancel"))
	case run.Phase == cluster.PhaseEnded:
		j.console.problem(taggedProblem(j.tag, &handoff.Problem{Cause: fmt.Sprintf("the result of run %s was not collected", run.ID), Remedy: remedy}))
		j.console.command("bring it home with:", j.command("collect"))
	default:
		return false
	}
	return true
}
