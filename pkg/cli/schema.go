package cli

import (
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/cobra"
)

// The documents that have a schema.
const (
	schemaOfScenario = "scenario"
	schemaOfResult   = "result"
)

func (p program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [scenario|result]",
		Short: "Print the JSON Schema of scenarios, or of results",
		Long: `Prints a JSON Schema (draft 2020-12). That of scenarios, which it prints when
none is named, accepts what validate accepts, as far as a schema can say; its
description lists what it cannot. That of results names every field of the
document that run writes, with its unit.`,
		Example: `  kubectl kfpperf schema > scenario.schema.json
  kubectl kfpperf schema result > result.schema.json`,
		ValidArgs: []string{schemaOfScenario, schemaOfResult},
		Args:      oneSchema,
		RunE: func(_ *cobra.Command, args []string) error {
			text := scenario.Schema()
			if len(args) > 0 && args[0] == schemaOfResult {
				text = result.Schema()
			}
			if _, err := p.streams.Out.Write(text); err != nil {
				return fmt.Errorf("printing the schema: %w", err)
			}
			return nil
		},
	}
}

// oneSchema refuses what has no schema.
func oneSchema(_ *cobra.Command, args []string) error {
	switch {
	case len(args) > 1:
		return &usageError{fmt.Errorf("schema takes one name, not %d", len(args))}
	case len(args) == 1 && args[0] != schemaOfScenario && args[0] != schemaOfResult:
		return &usageError{fmt.Errorf("%q has no schema; expected %s or %s", args[0], schemaOfScenario, schemaOfResult)}
	}
	return nil
}
