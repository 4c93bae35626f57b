package cli

import (
	"context"

	"github.com/spf13/cobra"
)

// attachOptions are the flags of attach.
type attachOptions struct {
	*attendant
	runChoice
}

func (p program) attachCommand() *cobra.Command {
	o := &attachOptions{attendant: p.newAttendant()}
	command := &cobra.Command{
		Use:   "attach RUN",
		Short: "Follow a run until it ends and bring its result home, as if run had never left",
		Long: `Follows a run that was left alone in the cluster, from any machine, and writes the verified result to
kfpperf-RUNID.json. What it told before is not told again, but for where it stands. Of a run in several
namespaces RUN is a part, or with -A what the names of its parts have in common.

Exit codes, Ctrl-C and output are those of run.`,
		Example:           `  kubectl kfpperf attach smoke-9k2dab -n kubeflow-user`,
		RunE:              o.onRun(&o.runChoice, o.run),
		ValidArgsFunction: p.completeRuns(o.kubernetes),
	}
	o.addFlags(command.Flags())
	o.addFlag(command.Flags())
	return command
}

func (o *attachOptions) run(ctx context.Context) error {
	if err := checkWritable(o.outputDir); err != nil {
		return err
	}
	connected, found, err := o.find(ctx, o.kubernetes, o.version)
	if err != nil {
		return err
	}
	return o.adopt(connected, o.id, found).accompany(ctx)
}
