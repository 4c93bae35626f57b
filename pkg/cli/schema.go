package cli

import (
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/cobra"
)

func (p program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenarios, for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of scenarios. It accepts what validate
accepts, as far as a schema can say; its description lists what it cannot.`,
		Example: `  kubectl kfpperf schema > scenario.schema.json`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			if _, err := p.streams.Out.Write(scenario.Schema()); err != nil {
				return fmt.Errorf("printing the schema: %w", err)
			}
			return nil
		},
	}
}
