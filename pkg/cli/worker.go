package cli

import "github.com/spf13/cobra"

// workerCommand holds the verbs of the Job's containers, which people do not type.
func (p program) workerCommand() *cobra.Command {
	command := &cobra.Command{
		Use:    "worker",
		Short:  "What the Job's containers run",
		Hidden: true,
		Args:   knownVerb,
		RunE:   func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(p.workerRunCommand(), p.workerResultsCommand())
	return command
}
