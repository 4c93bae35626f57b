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
		Use:   "validate FILE...",
		Short: "Check scenarios and their pipelines, offline",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{errors.New("validate needs at least one FILE")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			o.files = args
			return o.run()
		},
	}
	command.Flags().StringVar(&o.pipelinesDir, flagPipelinesDir, "", "folder to look for pipelines in, after those of the scenario")
	return command
}

// run looks at all files before it tells of any faults.
func (o *validateOptions) run() error {
	var faults scenario.Errors
	for _, file := range o.files {
		document, err := loadScenario(file, o.pipelinesDir)
		var found scenario.Errors
		switch {
		case errors.As(err, &found):
			faults = append(faults, found...)
		case err != nil:
			return err
		default:
			_, err = fmt.Fprintf(o.streams.Out, "✓ %s: %s, %s\n", printable(file),
				count(len(document.Entries), "entry", "entries"), count(len(document.Pipelines), "pipeline", "pipelines"))
			if err != nil {
				return fmt.Errorf("printing to stdout: %w", err)
			}
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}
