package cli

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// completionProgram is the program that kubectl looks for on the PATH to complete what follows `kubectl kfpperf`.
const completionProgram = "kubectl_complete-kfpperf"

// patience is how long a person who presses Tab is kept waiting.
const patience = 2 * time.Second

// Arguments are those of a command line whose first word is the program. Under the name of completionProgram it is
// asked to complete the others.
func Arguments(line []string) []string {
	if strings.TrimSuffix(filepath.Base(line[0]), ".exe") == completionProgram {
		return append([]string{cobra.ShellCompRequestCmd}, line[1:]...)
	}
	return line[1:]
}

// completeRuns completes the names of runs. Where they cannot be had soon there are none.
func (p program) completeRuns(kubernetes *genericclioptions.ConfigFlags) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		connected, _, err := connect(kubernetes, "kubectl-kfpperf/"+p.version)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if all, err := c.Flags().GetBool(flagAllNamespaces); err == nil && all {
			connected = connected.In(cluster.AllNamespaces)
		}
		ctx, cancel := context.WithTimeout(c.Context(), patience)
		defer cancel()
		ids, err := connected.RunIDs(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return startingWith(typed, ids), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeScenarios completes the names of shipped scenarios, beside those of files.
func completeScenarios(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, shipped := range scenarios.Index() {
		names = append(names, shipped.File)
	}
	return startingWith(typed, names), cobra.ShellCompDirectiveDefault
}

func startingWith(typed string, names []string) []cobra.Completion {
	var fitting []cobra.Completion
	for _, name := range names {
		if strings.HasPrefix(name, typed) {
			fitting = append(fitting, name)
		}
	}
	return fitting
}
