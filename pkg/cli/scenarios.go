package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	"github.com/spf13/cobra"
)

func (p program) scenariosCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "scenarios [NAME]",
		Short: "List the shipped scenarios, or print one",
		Long: `Lists the scenarios that come with the plugin: about how long each takes,
whether its runs need pods, and the question that it answers. With a NAME,
prints that one as it is.`,
		Example: `  kubectl kfpperf scenarios
  kubectl kfpperf scenarios ramp > my.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{fmt.Errorf("scenarios takes one NAME, not %d", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return p.listScenarios()
			}
			return p.printScenario(args[0])
		},
	}
	for _, d := range scenarios.Index() {
		command.ValidArgs = append(command.ValidArgs, d.File)
	}
	return command
}

func (p program) listScenarios() error {
	table := tabwriter.NewWriter(p.streams.Out, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(table, "scenario\ttakes\tpods\tquestion")
	for _, d := range scenarios.Index() {
		pods := "no"
		if d.Pods {
			pods = "yes"
		}
		if err == nil {
			_, err = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", d.File, report.Duration(d.Takes), pods, d.Question)
		}
	}
	if err == nil {
		err = table.Flush()
	}
	if err != nil {
		return fmt.Errorf("printing the scenarios: %w", err)
	}
	return nil
}

func (p program) printScenario(name string) error {
	text, err := sources("").ReadShipped(name)
	if err != nil {
		return err
	}
	if _, err := p.streams.Out.Write(text); err != nil {
		return fmt.Errorf("printing the scenario: %w", err)
	}
	return nil
}
