package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/duration"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/printers"
)

// Identification of what list and status print.
const (
	runsAPIVersion = "kfpperf.io/v1alpha1"
	runListKind    = "RunList"
	runKind        = "Run"
)

// listOptions are the flags of list.
type listOptions struct {
	program
	kubernetes *genericclioptions.ConfigFlags
	output     string
	all        bool
}

func (p program) listCommand() *cobra.Command {
	o := &listOptions{program: p, kubernetes: genericclioptions.NewConfigFlags(true)}
	command := &cobra.Command{
		Use:   "list",
		Short: "List the runs that are in the cluster",
		Long: `Lists the runs in a namespace, or with -A in all, the oldest first.

PHASE is Pending until the worker starts, Running, Stopping once the run was asked to stop, Ended when the
worker has ended and nobody has collected the result, Collected when somebody has, and Failed where there is no
result and will be none. PROGRESS is of all entries together. VERDICT is that of the result.`,
		Example: `  kubectl kfpperf list -A
  kubectl kfpperf list -n kubeflow-user -o name`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			switch o.output {
			case "", outputWide, outputName, string(outputJSON), string(outputYAML):
				return o.run(c.Context())
			}
			return &usageError{fmt.Errorf("--output is %q; choose wide, json, yaml or name", o.output)}
		},
	}
	flags := command.Flags()
	flags.StringVarP(&o.output, "output", "o", "", "form of what goes to stdout: wide, json, yaml or name; a table when empty")
	flags.BoolVarP(&o.all, flagAllNamespaces, "A", false, "list the runs of all namespaces")
	addKubernetesFlags(flags, o.kubernetes)
	return command
}

// Forms of a list beside those of output.
const (
	outputWide = "wide"
	outputName = "name"
)

func (o *listOptions) run(ctx context.Context) error {
	connected, namespace, err := connect(o.kubernetes, "kubectl-kfpperf/"+o.version)
	if err != nil {
		return err
	}
	where := "in namespace " + namespace
	if o.all {
		connected, where = connected.In(cluster.AllNamespaces), "in any namespace"
	}
	runs, err := connected.Runs(ctx)
	if err != nil {
		return exitWith(exitNoStart, err)
	}
	if o.output == outputName {
		return o.names(runs)
	}
	connected.Inspect(ctx, runs)
	switch form := output(o.output); form {
	case outputJSON, outputYAML:
		return printRuns(form, o.streams.Out, runs)
	}
	if len(runs) == 0 {
		newConsole(o.streams.ErrOut, newLogOptions(), slog.DiscardHandler).note("no runs %s", where)
		return nil
	}
	printer := printers.NewTablePrinter(printers.PrintOptions{WithNamespace: o.all, Wide: o.output == outputWide})
	if err := printer.PrintObj(runTable(runs, time.Now()), o.streams.Out); err != nil {
		return fmt.Errorf("printing to stdout: %w", err)
	}
	return nil
}

// names prints the runs' names, one a line, for scripts.
func (o *listOptions) names(runs []cluster.Run) error {
	for _, run := range runs {
		if _, err := fmt.Fprintln(o.streams.Out, printable(run.ID)); err != nil {
			return fmt.Errorf("printing to stdout: %w", err)
		}
	}
	return nil
}

// runTable is runs as kubectl prints tables. Empty cells hold a dash, so that columns can be counted.
func runTable(runs []cluster.Run, now time.Time) *metav1.Table {
	table := &metav1.Table{ColumnDefinitions: []metav1.TableColumnDefinition{
		{Name: "Name", Type: "string"}, {Name: "Scenario", Type: "string"}, {Name: "Phase", Type: "string"},
		{Name: "Progress", Type: "string"}, {Name: "Age", Type: "string"}, {Name: "Verdict", Type: "string"},
		{Name: "Group", Type: "string", Priority: 1}, {Name: "Pod", Type: "string", Priority: 1}, {Name: "Node", Type: "string", Priority: 1},
	}}
	for _, run := range runs {
		table.Rows = append(table.Rows, metav1.TableRow{
			Cells: []any{
				cell(run.ID), cell(shortened(run.Scenario)), cell(string(run.Phase)), cell(progressOf(run.Progress)),
				duration.HumanDuration(max(0, now.Sub(run.Created))), cell(run.Verdict()), cell(run.Group), cell(run.Pod), cell(run.Node),
			},
			Object: runtime.RawExtension{Object: &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: run.Namespace}}},
		})
	}
	return table
}

func cell(text string) string {
	if text == "" {
		return "-"
	}
	return printable(text)
}

// shortened cuts a scenario's name to what a table has room for.
func shortened(name string) string {
	const most = 24
	return cut(printable(name), most)
}

// progressOf says of all entries together how much is done, as in "12/20, 1 failed"; empty while nobody knows.
func progressOf(entries []handoff.EntryProgress) string {
	done, total, failed, known := 0, 0, 0, true
	for _, e := range entries {
		done, total, failed = done+e.Ended(), total+e.Total, failed+e.Failed+e.Errors
		known = known && e.Total > 0
	}
	var words []string
	switch {
	case len(entries) == 0:
		return ""
	case known:
		words = append(words, fmt.Sprintf("%d/%d", done, total))
	default:
		words = append(words, fmt.Sprintf("%d done", done))
	}
	if failed > 0 {
		words = append(words, fmt.Sprintf("%d failed", failed))
	}
	return strings.Join(words, ", ")
}
