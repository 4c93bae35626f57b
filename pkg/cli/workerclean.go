package cli

import (
	"context"
	"encoding/json"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	"github.com/spf13/cobra"
)

// Flags of worker clean, which cleanup gives to it.
const (
	flagRun    = "run"
	flagAllBut = "all-but"
	flagDryRun = "dry-run"
)

// workerCleanCommand is worker run without a load: it leaves what became of the leavings of runs in the place of a
// result.
func (p program) workerCleanCommand() *cobra.Command {
	o := p.newWorkerOptions()
	var what worker.CleanOptions
	command := &cobra.Command{
		Use:   "clean",
		Short: "Delete from KFP what runs left there, and leave what became of it to the results container",
		Args:  noArguments,
	}
	o.prepare(command, func(ctx context.Context) ([]byte, string, error) { return o.clean(ctx, what) })
	flags := command.Flags()
	flags.StringSliceVar(&what.Runs, flagRun, nil, "ids of the runs (default: all that left something)")
	flags.StringSliceVar(&what.AllBut, flagAllBut, nil, "ids of runs that are left alone where none is named")
	flags.BoolVar(&what.DryRun, flagDryRun, false, "delete nothing, and tell what would be")
	return command
}

func (o *workerOptions) clean(ctx context.Context, what worker.CleanOptions) ([]byte, string, error) {
	var err error
	if what.Options, err = o.options(); err != nil {
		return nil, "", err
	}
	cleaned, err := worker.Clean(ctx, what)
	if err != nil {
		return nil, "", err
	}
	content, err := json.Marshal(cleaned)
	return content, handoff.CleanVerdict, err
}
