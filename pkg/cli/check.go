package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// checkOptions are the flags of check: those of run that decide whether one would start.
type checkOptions struct {
	program
	file       string
	kubernetes *genericclioptions.ConfigFlags
	output     output
	kfp        kfpOptions
	job        jobOptions
	probe      bool
	timeout    time.Duration
}

func (p program) checkCommand() *cobra.Command {
	o := &checkOptions{
		program: p, kubernetes: genericclioptions.NewConfigFlags(true), output: outputText,
		kfp: newKFPOptions(jobspec.DefaultKFPURL), job: newJobOptions(p.version), timeout: time.Minute,
	}
	command := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Tell whether a run would start, and what is missing when it would not",
		Long: `Looks at every precondition of a run with the same flags: the scenario, your rights in the namespace, the
Job's account and its rights in KFP, and whether the cluster would take the very pod. Nothing is changed.

With --probe a short Job looks at KFP from inside the cluster: whether it answers, and whether it lets the
Job's account in. The Job is removed again.

Exit code 0 says that no check failed; what could not be looked at is shown as unknown.`,
		Example: `  kubectl kfpperf check -n kubeflow-user
  kubectl kfpperf check load.json -n kubeflow-user --probe
  kubectl kfpperf check -n kubeflow-user -o json`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.complete(c.Flags(), args); err != nil {
				return &usageError{err}
			}
			return o.run(c.Context())
		},
	}
	o.addFlags(command.Flags())
	return command
}

func (o *checkOptions) addFlags(flags *pflag.FlagSet) {
	o.output.addFlag(flags)
	o.kfp.addFlags(flags)
	o.job.addFlags(flags)
	flags.BoolVar(&o.probe, "probe", false, "have a short Job look at KFP from inside the cluster")
	flags.DurationVar(&o.timeout, "probe-timeout", o.timeout, "how long the probe's pod may take to start")
	addKubernetesFlags(flags, o.kubernetes)
}

// complete takes the arguments, and validates the whole.
func (o *checkOptions) complete(flags *pflag.FlagSet, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("check takes one FILE, not %d", len(args))
	}
	o.file = defaultScenario
	if len(args) == 1 {
		o.file = args[0]
	}
	o.kfp.findNamespace(flags)
	if o.timeout <= 0 {
		return fmt.Errorf("--probe-timeout is %s; it must be more than nothing", o.timeout)
	}
	return errors.Join(o.kfp.validate(), o.output.validate())
}

// run makes the checks in the order in which a run meets them, and prints them all.
func (o *checkOptions) run(ctx context.Context) error {
	options, err := launchOptions(&o.job, &o.kfp)
	if err != nil {
		return err
	}
	var checks []handoff.Check
	document, err := loadScenario(o.file, o.kfp.pipelinesDir)
	if err != nil {
		// The rest is looked at all the same, with a scenario that is known to be right.
		checks = append(checks, scenarioFault(o.file, err))
		if document, err = loadScenario(defaultScenario, ""); err != nil {
			return err
		}
	} else {
		checks = append(checks, handoff.Pass("scenario", describeScenario(o.file, document)))
	}
	found, err := o.look(ctx, document, options)
	printed := o.print(append(checks, found...))
	var decided *exitError
	switch {
	case err == nil:
		return printed
	case errors.As(err, &decided):
		return err
	}
	return exitWith(exitNoStart, err)
}

// look asks the cluster, in each namespace of the scenario. Where there are several, a check's name has its own.
func (o *checkOptions) look(ctx context.Context, document *scenario.Document, options jobspec.Options) ([]handoff.Check, error) {
	connected, home, err := connect(o.kubernetes, "kubectl-kfpperf/"+o.version)
	if err != nil {
		return nil, err
	}
	var checks []handoff.Check
	p := newPlan(document, home)
	seen := glanceAt(ctx, connected, o.kfp.url)
	for _, namespace := range p.namespaces {
		options.Namespace = namespace
		found, err := o.lookInto(ctx, seen, &prober{
			cluster: connected.In(namespace), document: p.document, options: options, timeout: o.timeout, patchFile: o.job.pod.patchFile,
		})
		for _, check := range found {
			check.Name = tagged(p.tag(namespace), check.Name)
			checks = append(checks, check)
		}
		if err != nil {
			return checks, err
		}
	}
	return checks, nil
}

// lookInto asks one namespace.
func (o *checkOptions) lookInto(ctx context.Context, seen glimpse, p *prober) (checks []handoff.Check, err error) {
	if p.options.ServiceAccount, err = o.job.account(ctx, p.cluster); err != nil {
		return nil, err
	}
	objects, err := p.build("")
	if err != nil {
		return nil, exitWith(exitUsage, err)
	}
	checks, err = cheapChecks(ctx, p.cluster, p.document.Within(p.options.Namespace), objects, o.kfp, seen)
	if err != nil || !o.probe || len(failed(checks)) > 0 {
		return checks, err // a probe that cannot start has nothing to add
	}
	probed, err := p.probe(ctx)
	return merge(checks, probed), err
}

// merge puts what a probe found in the place of what could only be guessed.
func merge(checks, probed []handoff.Check) []handoff.Check {
	seen := map[string]bool{cluster.CheckKFP: true} // the probe's identity says it better
	for _, check := range probed {
		seen[check.Name] = true
	}
	var merged []handoff.Check
	for _, check := range checks {
		if !seen[check.Name] || check.Name == cluster.CheckKFP && check.Status == handoff.Passed {
			merged = append(merged, check)
		}
	}
	return append(merged, probed...)
}
