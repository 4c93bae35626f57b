package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// statusOptions are the flags of status.
type statusOptions struct {
	program
	runChoice
	kubernetes *genericclioptions.ConfigFlags
	output     output
}

func (p program) statusCommand() *cobra.Command {
	o := &statusOptions{program: p, kubernetes: genericclioptions.NewConfigFlags(true), output: outputText}
	command := &cobra.Command{
		Use:   "status RUN",
		Short: "Tell how far a run is, what keeps it, and what to do next",
		Long: `Tells what is known of a run: its phase (see list), its pod, where its entries stand, what keeps it from
starting or why it has no result, the record of its result, and the command that comes next.

Exit code 0 says that there is such a run, whatever became of it.`,
		Example: `  kubectl kfpperf status smoke-9k2dab -n kubeflow-user
  kubectl kfpperf status smoke-9k2dab -A -o json`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := errors.Join(o.complete(c, args), o.output.validate()); err != nil {
				return &usageError{err}
			}
			return o.run(c.Context())
		},
		ValidArgsFunction: p.completeRuns(o.kubernetes),
	}
	flags := command.Flags()
	o.output.addFlag(flags)
	o.addFlag(flags)
	addKubernetesFlags(flags, o.kubernetes)
	return command
}

func (o *statusOptions) run(ctx context.Context) error {
	_, found, err := o.find(ctx, o.kubernetes, o.version)
	if err != nil {
		return err
	}
	if o.output != outputText {
		if len(found) == 1 {
			return printRun(o.output, o.streams.Out, found[0])
		}
		return printRuns(o.output, o.streams.Out, found)
	}
	columns := 0
	if width := terminalWidth(o.streams.Out); width != nil {
		columns = width()
	}
	for i, run := range found {
		separator := ""
		if i > 0 {
			separator = "\n"
		}
		card := statusCard(run, time.Now(), kubectlFlags(o.kubernetes))
		if _, err := fmt.Fprint(o.streams.Out, separator+card.text(columns)); err != nil {
			return fmt.Errorf("printing to stdout: %w", err)
		}
	}
	return nil
}

// runDocument is a run as status prints it.
type runDocument struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	cluster.Run
}

// runList is runs as list prints them.
type runList struct {
	APIVersion string        `json:"apiVersion"`
	Kind       string        `json:"kind"`
	Items      []cluster.Run `json:"items"`
}

func printRun(form output, w io.Writer, run cluster.Run) error {
	content, err := marshal(runDocument{runsAPIVersion, runKind, run})
	if err != nil {
		return err
	}
	return form.writeDocument(w, content)
}

func printRuns(form output, w io.Writer, runs []cluster.Run) error {
	content, err := marshal(runList{runsAPIVersion, runListKind, append([]cluster.Run{}, runs...)})
	if err != nil {
		return err
	}
	return form.writeDocument(w, content)
}
