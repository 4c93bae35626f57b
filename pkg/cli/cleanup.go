package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// cleanupOptions are the flags of cleanup: those that lead to a namespace and to KFP.
type cleanupOptions struct {
	program
	runs       []string
	kubernetes *genericclioptions.ConfigFlags
	logs       logOptions
	kfp        kfpOptions
	job        jobOptions
	timeout    time.Duration
	dryRun     bool
	local      bool
	tokenFile  string

	console *console
	logger  *slog.Logger
}

func (p program) newCleanupOptions() *cleanupOptions {
	return &cleanupOptions{
		program: p, kubernetes: genericclioptions.NewConfigFlags(true), logs: newLogOptions(),
		kfp: newKFPOptions(jobspec.DefaultKFPURL), job: newJobOptions(p.version), timeout: time.Minute,
	}
}

func (p program) cleanupCommand() *cobra.Command {
	o := p.newCleanupOptions()
	command := &cobra.Command{
		Use:   "cleanup [RUN...]",
		Short: "Remove what runs left in the namespace and in KFP",
		Long: `Removes what is left of the runs that are named, or of all that left something: in the namespace Jobs that
have ended and whose results are collected, and ConfigMaps whose Jobs are gone; in KFP, by a short Job, recurring
runs, runs, experiments and pipelines of runs that have no Job any more.

What is removed is printed, a kind/name a line. Only what bears the mark of a run is touched in KFP. Nothing is
touched of a run that is under way, or whose result was not collected; a run that nobody named is also left alone
when it may be somebody's who is still at work: it has runs that have not ended, or made something within the last
hour.

Exit code 0 says that all is gone, 6 that something stays.`,
		Example: `  kubectl kfpperf cleanup -n kubeflow-user --dry-run
  kubectl kfpperf cleanup smoke-noop-9k2d4f -n kubeflow-user
  kubectl kfpperf cleanup smoke-noop-9k2d4f --local --kfp-url http://localhost:8888`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.complete(c.Flags(), args); err != nil {
				return &usageError{err}
			}
			o.console = newConsole(p.streams.ErrOut, o.logs, slog.DiscardHandler)
			o.logger = o.console.logger(o.logs)
			return o.console.ended(o.run(c.Context()))
		},
	}
	o.addFlags(command.Flags())
	return command
}

func (o *cleanupOptions) addFlags(flags *pflag.FlagSet) {
	o.logs.addFlags(flags)
	o.addJobFlags(flags)
	flags.BoolVar(&o.dryRun, flagDryRun, false, "remove nothing, and print what would be")
	flags.BoolVar(&o.local, "local", false, "clean KFP from this process, and leave Kubernetes alone")
	flags.StringVar(&o.tokenFile, flagTokenFile, "", "with --local: file with the token that a multi-user KFP is shown")
	addKubernetesFlags(flags, o.kubernetes)
}

// addJobFlags adds those of the Job that cleans KFP.
func (o *cleanupOptions) addJobFlags(flags *pflag.FlagSet) {
	o.kfp.addServerFlags(flags)
	o.job.addFlags(flags)
	flags.DurationVar(&o.timeout, "start-timeout", o.timeout, "how long the Job's pod may take to start")
}

// complete takes the arguments and the environment, and validates the whole.
func (o *cleanupOptions) complete(flags *pflag.FlagSet, args []string) error {
	o.runs = args
	for _, id := range args {
		if len(validation.IsDNS1123Label(id)) > 0 {
			return fmt.Errorf("%q is no run id, such as smoke-noop-9k2d4f", id)
		}
	}
	if o.local {
		env := environment{flags: flags}
		env.kfp(&o.kfp)
		env.text(o.kubernetes.Namespace, flagNamespace, handoff.EnvNamespace, defaultNamespace)
		if err := errors.Join(env.err, o.job.unused(), checkTokenFile(o.tokenFile)); err != nil {
			return err
		}
	}
	o.kfp.findNamespace(flags)
	switch {
	case o.tokenFile != "" && !o.local:
		return fmt.Errorf("--%s needs --local: in the cluster the Job has a token of its account", flagTokenFile)
	case o.timeout <= 0:
		return fmt.Errorf("--start-timeout is %s; it must be more than nothing", o.timeout)
	}
	return errors.Join(o.kfp.validate(), o.logs.validate())
}

// run removes what there is.
func (o *cleanupOptions) run(ctx context.Context) error {
	if o.local {
		cleaned, err := o.clean(ctx)
		if err != nil {
			return exitWith(exitNoStart, err)
		}
		return o.conclude(cleaned, true)
	}
	return o.inCluster(ctx)
}

// clean cleans KFP from this process.
func (o *cleanupOptions) clean(ctx context.Context) ([]worker.Cleaned, error) {
	client, err := o.kfp.client(o.version, o.job.localTokens(o.program, o.kubernetes, o.tokenFile), o.logger)
	if err != nil {
		return nil, err
	}
	return worker.Clean(ctx, worker.CleanOptions{
		Options: worker.Options{
			Client: client, Auth: o.kfp.auth, URL: o.kfp.url, Namespace: *o.kubernetes.Namespace,
			CleanupTimeout: o.kfp.cleanupTimeout, Version: o.version, Logger: o.logger, Emit: o.console.event,
		},
		Runs: o.runs, DryRun: o.dryRun,
	})
}

// conclude prints what became of what runs left in KFP. Clean says whether all else is gone.
func (o *cleanupOptions) conclude(all []worker.Cleaned, clean bool) error {
	untouched := clean
	for _, c := range all {
		untouched = untouched && len(c.Things) == 0 && c.Spared == ""
		for _, thing := range c.Things {
			if err := o.print(string(thing.Kind), thing.Name); err != nil {
				return err
			}
		}
		if c.More > 0 {
			o.console.note("and %d more things of run %s", c.More, c.RunID)
		}
		switch {
		case c.Spared != "":
			o.console.warn("run %s was left alone: %s", c.RunID, c.Spared)
			o.console.command("remove it with:", o.command(c.RunID))
		case c.Cleanup.Reason != "":
			clean = false
			left := "some of its things may be"
			if c.Cleanup.LeftTotal > 0 {
				left = count(c.Cleanup.LeftTotal, "thing is", "things are")
			}
			o.console.fail(fmt.Sprintf("run %s: %s left in KFP: %s", c.RunID, left, c.Cleanup.Reason))
		}
	}
	switch {
	case !clean:
		return exitWith(exitLeft, nil)
	case untouched:
		o.console.note("nothing is left in KFP")
	}
	return nil
}

// command is the one that cleans up after a run, in the same place.
func (o *cleanupOptions) command(id string) string {
	command := "kubectl kfpperf cleanup " + id
	if *o.kubernetes.Namespace != "" {
		command += " -n " + *o.kubernetes.Namespace
	}
	if o.local {
		command += " --local --kfp-url " + o.kfp.url
	}
	return strings.Join(append([]string{command}, kubectlFlags(o.kubernetes)...), " ")
}

// print prints what was removed, or would be.
func (o *cleanupOptions) print(kind, name string) error {
	line := kind + "/" + printable(name)
	if o.dryRun {
		line += " (dry run)"
	}
	if _, err := fmt.Fprintln(o.streams.Out, line); err != nil {
		return fmt.Errorf("printing to stdout: %w", err)
	}
	return nil
}
