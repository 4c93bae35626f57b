package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/spf13/pflag"
)

// Flags of jobOptions.
const (
	flagServiceAccount = "service-account"
	flagTokenAudience  = "token-audience"
)

// jobOptions say what the Job is made of, beside what the worker is told.
type jobOptions struct {
	image          string
	serviceAccount string
	audience       string
	pod            podOptions
	// onlyJob are the flags that mean nothing where no Job is launched.
	onlyJob *pflag.FlagSet
}

func newJobOptions(version string) jobOptions {
	return jobOptions{image: defaultImage(version), audience: handoff.TokenAudience}
}

func (o *jobOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.image, "image", o.image, "the product's image, as the cluster can pull it; the shipped pipelines run it, too")
	flags.StringVar(&o.serviceAccount, flagServiceAccount, "", "account of the Job, and its identity in KFP (default: default-editor where it exists, else kfpperf, else default)")
	flags.StringVar(&o.audience, flagTokenAudience, o.audience, "audience of the token that KFP is shown")
	o.onlyJob = pflag.NewFlagSet("job", pflag.ContinueOnError)
	o.pod.addFlags(o.onlyJob)
	flags.AddFlagSet(o.onlyJob)
}

// account is what the user named, else the one that is usual in a namespace.
func (o *jobOptions) account(ctx context.Context, in *cluster.Cluster) (string, error) {
	if o.serviceAccount != "" {
		return o.serviceAccount, nil
	}
	return in.ServiceAccount(ctx)
}

// unused refuses flags of a Job where none is launched.
func (o *jobOptions) unused() error {
	var given error
	o.onlyJob.VisitAll(func(f *pflag.Flag) {
		if f.Changed && given == nil {
			given = fmt.Errorf("--%s shapes a Job, and none is launched with --local or --sandbox", f.Name)
		}
	})
	return given
}

// launchOptions are what run and check make a Job from. Files are read.
func launchOptions(job *jobOptions, worker *kfpOptions) (jobspec.Options, error) {
	pod, err := job.pod.inJob()
	if err != nil {
		return jobspec.Options{}, err
	}
	kfp, err := worker.inJob(job.audience)
	if err != nil {
		return jobspec.Options{}, err
	}
	return jobspec.Options{
		Image: job.image, KFP: kfp, Pod: pod, Drain: worker.drain, DisableCache: worker.disableCache,
		Keep: worker.keep, CleanupTimeout: worker.cleanupTimeout,
	}, nil
}

// buildJob makes a run's objects, and tells of which file a fault is.
func buildJob(document *scenario.Document, o jobspec.Options, patchFile string) (*jobspec.Objects, error) {
	objects, err := jobspec.Build(document, o)
	if fault := (*jobspec.PatchError)(nil); errors.As(err, &fault) {
		return nil, fmt.Errorf("--%s: %s: %w", flagPodPatch, patchFile, fault.Unwrap())
	}
	return objects, err
}
