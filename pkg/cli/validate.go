package cli

import (
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/cobra"
)

// validateOptions are the flags of validate.
type validateOptions struct {
	program
	files        []string
	pipelinesDir string
}

func (p program) validateCommand() *cobra.Command {
	o := &validateOptions{program: p}
	command := &cobra.Command{
		Use:   "validate FILE|FOLDER...",
		Short: "Check scenarios and their pipelines, offline",
		Long: `Checks scenarios and the pipelines that they name, and tells all that is
wrong, with file, line and column. It needs no cluster.

A FILE that does not exist may be the name of a shipped scenario. A FOLDER
stands for the scenarios in it: files that end in .json, .yaml or .yml and are
no pipelines.`,
		Example: `  kubectl kfpperf validate my.json
  kubectl kfpperf validate scenarios --pipelines-dir build/pipelines`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{errors.New("validate needs at least one FILE or FOLDER")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			for _, arg := range args {
				files, err := scenarioFiles(arg)
				if err != nil {
					return err
				}
				o.files = append(o.files, files...)
			}
			return o.run()
		},
	}
	command.Flags().StringVar(&o.pipelinesDir, flagPipelinesDir, "", "folder to look for pipelines in, after those of the scenario")
	return command
}

// run looks at all files before it tells of any faults. Of files that cannot be read it tells at once.
func (o *validateOptions) run() error {
	var faults scenario.Errors
	var unread error // told already
	for _, file := range o.files {
		document, err := loadScenario(file, o.pipelinesDir)
		var found scenario.Errors
		switch {
		case errors.As(err, &found):
			faults = append(faults, found...)
		case err != nil:
			o.tell(err)
			unread = exitWith(exitUsage, nil)
		default:
			_, err = fmt.Fprintf(o.streams.Out, "✓ %s: %s\n", printable(file), partsOf(document))
			if err != nil {
				return fmt.Errorf("printing to stdout: %w", err)
			}
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return unread
}

// partsOf counts what a scenario is made of.
func partsOf(document *scenario.Document) string {
	parts := count(len(document.Entries), "entry", "entries") + ", " + count(len(document.Pipelines), "pipeline", "pipelines")
	if n := len(document.Namespaces()); n > 0 {
		parts += ", " + count(n, "namespace", "namespaces")
	}
	return parts
}
