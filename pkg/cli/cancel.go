package cli

import (
	"context"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
)

// cancelOptions are the flags of cancel.
type cancelOptions struct {
	*attendant
	runChoice
	now      bool
	detached bool
}

func (p program) cancelCommand() *cobra.Command {
	o := &cancelOptions{attendant: p.newAttendant()}
	command := &cobra.Command{
		Use:   "cancel RUN",
		Short: "Stop a run before its time and bring its partial result home",
		Long: `Asks a run to start nothing more, to wait for what it started, and to write a result of what there is; then
follows it and brings that result home. With --now it waits for nothing, and terminates what it started. A run
that has not started is removed.

The result of a run that was cancelled is invalid, so the exit code is 5; it is 2 where the run had not
started. With --detach it is 0 as soon as the run was asked.`,
		Example: `  kubectl kfpperf cancel smoke-9k2dab -n kubeflow-user
  kubectl kfpperf cancel smoke-9k2dab -n kubeflow-user --now --detach`,
		RunE:              o.onRun(&o.runChoice, o.run),
		ValidArgsFunction: p.completeRuns(o.kubernetes),
	}
	flags := command.Flags()
	o.addHomeFlags(flags)
	o.addFlag(flags)
	flags.BoolVar(&o.now, "now", false, "terminate the runs that are under way, and wait for none")
	flags.BoolVar(&o.detached, flagDetach, false, "only ask the run to stop, and do not wait for its result")
	return command
}

func (o *cancelOptions) run(ctx context.Context) error {
	if !o.detached {
		if err := checkWritable(o.outputDir); err != nil {
			return err
		}
	}
	connected, found, err := o.find(ctx, o.kubernetes, o.version)
	if err != nil {
		return err
	}
	how := handoff.StopDrain
	if o.now {
		how = handoff.StopNow
	}
	r := o.adopt(connected, o.id, found)
	for i, j := range r.jobs {
		switch run := found[i]; {
		case run.Phase == cluster.PhaseFailed:
			j.err = noResult(run)
		case !run.Phase.UnderWay():
			j.done("the run has ended already; its result comes home")
		default:
			j.cancel(ctx, how)
		}
	}
	if o.detached {
		return r.askedOnly(ctx)
	}
	r.follow(ctx)
	return r.settle(ctx)
}
