// Package cli holds the verbs, one file each, and is the only place that knows flags, terminals and exit
// codes. stdout carries what was asked for, stderr everything else. It refuses to compute anything: each
// verb calls the package that does.
package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // kubeconfigs name any of these
)

// displayName is how people call the plugin.
const displayName = "kubectl kfpperf"

// program is what all verbs have from main.
type program struct {
	streams genericiooptions.IOStreams
	version string
	// notify is how a verb listens for interrupts after the first one.
	notify notify
}

// Run carries out a command line and returns the exit code, of which docs/exit-codes.md tells the
// meanings. When ctx is cancelled, a verb stops in its own way and tells what it left.
//
// A verb that goes on after that listens for further interrupts of the process itself.
func Run(ctx context.Context, args []string, streams genericiooptions.IOStreams, version string) (code int) {
	return program{streams: streams, version: version, notify: interrupts}.run(ctx, args)
}

func (p program) run(ctx context.Context, args []string) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			p.tell(&handoff.Problem{
				Cause: "this is a defect of kubectl-kfpperf", Evidence: fmt.Sprint(fault),
				Remedy: "Please report it, with your command line, at https://github.com/kfpperf/kubectl-kfpperf/issues.",
			})
			code = int(exitUsage)
		}
	}()
	root := p.rootCommand()
	root.SetArgs(args)
	failed, err := root.ExecuteContextC(ctx)
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		p.tellUsage(failed, usage)
	} else {
		p.tell(err)
	}
	return int(codeOf(err))
}

func (p program) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "kubectl-kfpperf",
		Short: "Load-test Kubeflow Pipelines from inside the cluster",
		Long: `Runs load scenarios against Kubeflow Pipelines from inside the cluster: packs a scenario, launches a
Job that runs this same binary, follows it and brings a verified result home.`,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: displayName},
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownVerb,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(p.streams.In)
	root.SetOut(p.streams.Out)
	root.SetErr(p.streams.ErrOut)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(p.runCommand(), p.listCommand(), p.statusCommand(), p.logsCommand(), p.attachCommand(), p.collectCommand(),
		p.cancelCommand(), p.deleteCommand(), p.cleanupCommand(), p.checkCommand(), p.rbacCommand(), p.sandboxCommand(), p.validateCommand(),
		p.scenariosCommand(), p.schemaCommand(), p.versionCommand(), p.workerCommand())
	p.addCompletion(root)
	return root
}

// knownVerb refuses what is left when no verb has taken the arguments.
func knownVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	c.SuggestionsMinimumDistance = 2 // cobra's own default, which it sets only for its own message
	message := fmt.Sprintf("%s has no verb %q", c.CommandPath(), args[0])
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		message += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return &usageError{errors.New(message)}
}

// noArguments refuses arguments of a verb that takes none.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Errorf("%s takes no arguments, not %q", c.CommandPath(), args[0])}
	}
	return nil
}

// tellUsage shows how a verb is called.
func (p program) tellUsage(command *cobra.Command, err error) {
	console := newConsole(p.streams.ErrOut, newLogOptions(), slog.DiscardHandler)
	console.fail(err.Error())
	console.note("  usage: %s", command.UseLine())
	console.note("  %s -h shows what it takes", command.CommandPath())
}

// tell shows why a verb failed.
func (p program) tell(err error) {
	_ = newConsole(p.streams.ErrOut, newLogOptions(), slog.DiscardHandler).ended(err) // the caller has the error
}
