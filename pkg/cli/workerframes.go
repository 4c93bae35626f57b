package cli

import (
	"errors"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
)

// workerFramesCommand is called by exec in a results container that holds a large result.
func (p program) workerFramesCommand() *cobra.Command {
	box, first := handoff.Outbox{Dir: handoff.OutDir}, 0
	command := &cobra.Command{
		Use:   "frames",
		Short: "Print the result that is held, framed, from a frame on",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			held, err := box.WriteHeld(p.streams.Out, first)
			if err == nil && !held {
				err = errors.New("no result is held here")
			}
			return err
		},
	}
	command.Flags().StringVar(&box.Dir, flagOutDir, box.Dir, "the folder shared with the runner")
	command.Flags().IntVar(&first, handoff.FlagFirstFrame, first, "index of the first frame that is wanted")
	return command
}
