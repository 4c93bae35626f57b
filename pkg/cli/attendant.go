package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// attendant is what all verbs have that follow runs in the cluster and bring their results home.
type attendant struct {
	program
	kubernetes   *genericclioptions.ConfigFlags
	logs         logOptions
	output       output
	outputDir    string
	startTimeout time.Duration
	onInterrupt  onInterrupt

	// console and logger are made when the flags are valid.
	console *console
	logger  *slog.Logger
}

func (p program) newAttendant() *attendant {
	return &attendant{
		program:      p,
		kubernetes:   genericclioptions.NewConfigFlags(true),
		logs:         newLogOptions(),
		output:       outputText,
		outputDir:    ".",
		startTimeout: 5 * time.Minute,
		onInterrupt:  interruptAsk,
	}
}

// addFlags adds the flags of a verb that follows runs from their start to their end.
func (o *attendant) addFlags(flags *pflag.FlagSet) {
	o.addHomeFlags(flags)
	o.onInterrupt.addFlag(flags)
	flags.DurationVar(&o.startTimeout, "start-timeout", o.startTimeout, "how long the Job's pod may take to start")
}

// addHomeFlags adds those of a verb that brings a result home.
func (o *attendant) addHomeFlags(flags *pflag.FlagSet) {
	o.output.addFlag(flags)
	o.logs.addFlags(flags)
	o.logs.addFileFlags(flags)
	flags.StringVar(&o.outputDir, flagOutputDir, o.outputDir, "folder for the result")
	addKubernetesFlags(flags, o.kubernetes)
}

func (o *attendant) validate() error {
	if o.startTimeout <= 0 {
		return fmt.Errorf("--start-timeout is %s; it must be more than nothing", o.startTimeout)
	}
	return errors.Join(o.onInterrupt.validate(), o.output.validate(), o.logs.validate())
}

// onRun is what a verb about one run does: it takes the arguments, validates the flags, and carries the verb out.
func (o *attendant) onRun(choice *runChoice, do func(context.Context) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := choice.complete(c, args); err != nil {
			return &usageError{err}
		}
		if err := o.validate(); err != nil {
			return &usageError{err}
		}
		return o.attended(func() error { return do(c.Context()) })
	}
}

// attended carries a verb out with a console, whose records end in the log file.
func (o *attendant) attended(run func() error) error {
	journal, file, err := o.logs.journal()
	if err != nil {
		return err
	}
	o.console = newConsole(o.streams.ErrOut, o.logs, journal)
	o.logger = o.console.logger(o.logs)
	return errors.Join(o.console.ended(run()), file.Close())
}
