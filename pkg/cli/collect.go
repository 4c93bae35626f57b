package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// collectOptions are the flags of collect.
type collectOptions struct {
	*attendant
	runChoice
}

func (p program) collectCommand() *cobra.Command {
	o := &collectOptions{attendant: p.newAttendant()}
	command := &cobra.Command{
		Use:   "collect RUN",
		Short: "Bring home the result of a run that has ended",
		Long: `Reads the result of a run that has ended, from any machine, verifies it, and writes it to kfpperf-RUNID.json.
It may be called again: a file that holds the result already is left as it is. A run that has not ended is not
waited for; attach does that. Nothing is removed but by Kubernetes, soon after the result is home.

Exit code 2 says that there is no result, or not yet; with one they are those of run.`,
		Example:           `  kubectl kfpperf collect smoke-9k2dab -n kubeflow-user --output-dir results`,
		RunE:              o.onRun(&o.runChoice, o.run),
		ValidArgsFunction: p.completeRuns(o.kubernetes),
	}
	o.addHomeFlags(command.Flags())
	o.addFlag(command.Flags())
	return command
}

// run collects all parts of the run that have ended.
func (o *collectOptions) run(ctx context.Context) error {
	if err := checkWritable(o.outputDir); err != nil {
		return err
	}
	connected, found, err := o.find(ctx, o.kubernetes, o.version)
	if err != nil {
		return err
	}
	r := o.adopt(connected, o.id, found)
	for i, j := range r.jobs {
		j.kept = true
		switch run := found[i]; {
		case run.Phase.UnderWay():
			j.err = fmt.Errorf("%w, and has no result yet: it is %s", errUnderWay, run.Phase)
		case !j.begun:
			j.err = noResult(run)
		}
	}
	r.each(func(j *clusterJob) {
		if j.err == nil {
			j.collected, j.err = j.cluster.Collect(ctx, j.id)
		}
	})
	return r.settle(ctx)
}
