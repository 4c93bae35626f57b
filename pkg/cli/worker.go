package cli

import "github.com/spf13/cobra"

// workerCommand holds the verbs of containers, the Job's and those of runs, which people do not type.
func (p program) workerCommand() *cobra.Command {
	command := &cobra.Command{
		Use:    "worker",
		Short:  "What containers run",
		Hidden: true,
		Args:   knownVerb,
		RunE:   func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(p.workerRunCommand(), p.workerProbeCommand(), p.workerResultsCommand(), p.workerFramesCommand(), p.workerTaskCommand())
	return command
}
