package cli

import (
	"fmt"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/cobra"
)

// The documents that have a schema.
const (
	schemaOfScenario = "scenario"
	schemaOfResult   = "result"
	schemaOfList     = "result-list"
)

// schemas are their names.
func schemas() []string { return []string{schemaOfScenario, schemaOfResult, schemaOfList} }

func (p program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [scenario|result|result-list]",
		Short: "Print the JSON Schema of scenarios, or of results",
		Long: `Prints a JSON Schema (draft 2020-12). That of scenarios, which it prints when
none is named, accepts what validate accepts, as far as a schema can say; its
description lists what it cannot. That of results names every field of the
document that run writes, with its unit, and that of result lists what
run -o json prints of a scenario over several namespaces.`,
		Example: `  kubectl kfpperf schema > scenario.schema.json
  kubectl kfpperf schema result > result.schema.json`,
		ValidArgs: schemas(),
		Args:      oneSchema,
		RunE: func(_ *cobra.Command, args []string) error {
			text, err := schemaOf(args)
			if err != nil {
				return err
			}
			if _, err := p.streams.Out.Write(text); err != nil {
				return fmt.Errorf("printing the schema: %w", err)
			}
			return nil
		},
	}
}

// schemaOf returns the schema that is asked for, that of scenarios where none is.
func schemaOf(names []string) ([]byte, error) {
	switch {
	case slices.Contains(names, schemaOfResult):
		return result.Schema(), nil
	case slices.Contains(names, schemaOfList):
		return result.ListSchema()
	}
	return scenario.Schema(), nil
}

// oneSchema refuses what has no schema.
func oneSchema(_ *cobra.Command, args []string) error {
	switch {
	case len(args) > 1:
		return &usageError{fmt.Errorf("schema takes one name, not %d", len(args))}
	case len(args) == 1 && !slices.Contains(schemas(), args[0]):
		return &usageError{fmt.Errorf("%q has no schema; expected %s, %s or %s", args[0], schemaOfScenario, schemaOfResult, schemaOfList)}
	}
	return nil
}
