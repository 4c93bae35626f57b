package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// Flags that messages or other places name.
const (
	flagOutputDir = "output-dir"
	flagNamespace = "namespace"
	flagSpeed     = "speed"
	flagDetach    = "detach"
)

// runOptions are the flags of run.
type runOptions struct {
	*attendant
	file string
	kfp  kfpOptions

	job       jobOptions
	tokenFile string
	detached  bool
	local     bool
	sandbox   bool
	speed     speed
	// set are the flags that were given, for the result.
	set []string
	// sandboxToken is what an embedded KFP with users wants to be shown; empty for one without.
	sandboxToken string
}

func (p program) newRunOptions() *runOptions {
	return &runOptions{
		attendant: p.newAttendant(),
		job:       newJobOptions(p.version),
		kfp:       newKFPOptions(jobspec.DefaultKFPURL),
		speed:     1,
	}
}

func (p program) runCommand() *cobra.Command {
	o := p.newRunOptions()
	command := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a scenario in the cluster, or with --local in this process",
		Long: `Packs a scenario, launches a Job that runs it inside the cluster, follows it, and writes the verified
result to kfpperf-RUNID.json. A FILE that does not exist may be the name of a shipped scenario, such as
smoke-noop.json. Of a scenario that names namespaces each gets a Job and a result, kfpperf-RUNID-1.json and
so on, and they are shown side by side.

Ctrl-C leaves the run alone and prints the commands to come back to it and to stop it; a second Ctrl-C within 3 s
stops it. With --detach the run is left alone as soon as its Jobs exist, and stdout has its id, or those of its
parts, one a line.`,
		Example: `  kubectl kfpperf run smoke-noop.json -n kubeflow-user
  kubectl kfpperf run smoke-noop.json -n kubeflow-user --detach
  kubectl kfpperf run my.json --local --kfp-url http://localhost:8888
  kubectl kfpperf run smoke.json --sandbox`,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.complete(c.Flags(), args); err != nil {
				return &usageError{err}
			}
			return o.attended(func() error { return o.run(c.Context()) })
		},
	}
	o.addFlags(command.Flags())
	command.ValidArgsFunction = completeScenarios
	return command
}

func (o *runOptions) addFlags(flags *pflag.FlagSet) {
	o.attendant.addFlags(flags)
	o.kfp.addFlags(flags)
	o.job.addFlags(flags)
	flags.StringVar(&o.tokenFile, flagTokenFile, "", "with --local: file with the token that a multi-user KFP is shown, read anew for each call (default: a token of the Job's account, as Kubernetes issues it)")
	flags.BoolVar(&o.detached, flagDetach, false, "leave the run alone as soon as its Jobs exist, and print its id")
	flags.BoolVar(&o.local, "local", false, "run in this process, without Kubernetes")
	flags.BoolVar(&o.sandbox, "sandbox", false, "run in this process against an embedded KFP; its figures say nothing about a real one")
	flags.Var(&o.speed, flagSpeed, "with --sandbox: how many times as fast time runs for the scenario and its runs; calls take the time they take")
}

// addKubernetesFlags adds kubectl's flags. Those that choose cluster and namespace are shown, the rest is
// known to who needs it.
func addKubernetesFlags(flags *pflag.FlagSet, kubernetes *genericclioptions.ConfigFlags) {
	theirs := pflag.NewFlagSet("kubernetes", pflag.ContinueOnError)
	kubernetes.AddFlags(theirs)
	theirs.VisitAll(func(f *pflag.Flag) {
		switch f.Name {
		case flagNamespace, "context", "kubeconfig":
		default:
			f.Hidden = true
		}
	})
	flags.AddFlagSet(theirs)
}

// complete takes the arguments and the environment, and validates the whole.
func (o *runOptions) complete(flags *pflag.FlagSet, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("run takes one FILE, not %d", len(args))
	}
	if len(args) == 1 {
		o.file = args[0]
	}
	o.set = setFlags(flags)
	if o.inProcess() {
		env := environment{flags: flags}
		if o.file == "" {
			o.file = env.value(handoff.EnvScenarioFile, defaultScenario)
		}
		env.kfp(&o.kfp)
		if o.sandbox && (o.local || flags.Changed(flagKFPURL)) {
			return fmt.Errorf("--sandbox brings its own KFP; leave out --local and --%s", flagKFPURL)
		}
		env.text(o.kubernetes.Namespace, flagNamespace, handoff.EnvNamespace, defaultNamespace)
		if env.err != nil {
			return env.err
		}
	}
	o.kfp.findNamespace(flags)
	return o.validate()
}

// inProcess reports whether no Kubernetes is needed.
func (o *runOptions) inProcess() bool { return o.local || o.sandbox }

// validate looks at nothing but the options.
func (o *runOptions) validate() error {
	if o.file == "" {
		return errors.New("run needs the FILE of a scenario, such as smoke-noop.json")
	}
	switch {
	case o.tokenFile != "" && !o.local:
		return fmt.Errorf("--%s needs --local: in the cluster the Job has a token of its account", flagTokenFile)
	case o.tokenFile != "" && (o.kfp.user != "" || o.kfp.auth == handoff.AuthNone):
		return fmt.Errorf("--%s means nothing beside --%s or --%s none", flagTokenFile, flagUser, flagAuth)
	}
	if o.inProcess() {
		if err := o.job.unused(); err != nil {
			return err
		}
		if o.detached {
			return fmt.Errorf("--%s means a run in the cluster, and not --local or --sandbox", flagDetach)
		}
	}
	if o.speed != 1 && !o.sandbox {
		return fmt.Errorf("--%s needs --sandbox: a real server's time cannot be changed", flagSpeed)
	}
	if err := o.kfp.validate(); err != nil {
		return err
	}
	return o.attendant.validate()
}

// defaultImage is the image of a version. Tags have no plus signs.
func defaultImage(version string) string {
	return "ghcr.io/kfpperf/kubectl-kfpperf:" + strings.ReplaceAll(version, "+", "-")
}

// run loads the scenario, so that its faults come before all others, and carries it out.
func (o *runOptions) run(ctx context.Context) error {
	document, err := loadScenario(o.file, o.kfp.pipelinesDir)
	if err != nil {
		return err
	}
	if err := errors.Join(checkWritable(o.outputDir), checkTokenFile(o.tokenFile)); err != nil {
		return err
	}
	switch {
	case o.sandbox:
		return o.inSandbox(ctx, newPlan(document, *o.kubernetes.Namespace))
	case o.local:
		return o.inThisProcess(ctx, newPlan(document, *o.kubernetes.Namespace))
	}
	if host := os.Getenv(handoff.EnvAPIHost); host != "" {
		o.console.warn("%s is set but a run in the cluster does not use it; pass --%s", handoff.EnvAPIHost, flagKFPURL)
	}
	return o.inCluster(ctx, document)
}

// announce prints the first line of a run.
func (o *runOptions) announce(document *scenario.Document, runID, place string) {
	longest := time.Duration(float64(document.End(o.kfp.drain)) / float64(o.speed))
	if o.kfp.keep != string(result.KeepAll) {
		longest += o.kfp.cleanupTimeout
	}
	o.console.note("run %s %s · %s · at most %s · KFP at %s", runID, place,
		count(len(document.Entries), "entry", "entries"),
		report.Duration(longest), o.kfp.url)
	o.announceDeletion(document)
}
