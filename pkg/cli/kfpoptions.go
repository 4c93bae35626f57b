package cli

import (
	"fmt"
	"net/url"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Flags of kfpOptions; jobspec gives some of them to the worker.
const (
	flagKFPURL       = "kfp-url"
	flagDisableCache = "disable-cache"
	flagPipelinesDir = "pipelines-dir"
	flagKFPNamespace = "kfp-namespace"

	flagKeep           = "keep"
	flagCleanupTimeout = "cleanup-timeout"
)

// kfpOptions are the flags of what loads KFP: run and the worker.
type kfpOptions struct {
	url       string
	namespace string
	identityOptions
	disableCache bool
	drain        time.Duration
	pipelinesDir string
	// keep is a result.Keep.
	keep           string
	cleanupTimeout time.Duration
}

func newKFPOptions(url string) kfpOptions {
	return kfpOptions{
		url: url, namespace: jobspec.DefaultKFPNamespace, drain: worker.DefaultDrain,
		identityOptions: identityOptions{auth: handoff.AuthAuto},
		keep:            string(result.KeepFailed), cleanupTimeout: worker.DefaultCleanupTimeout,
	}
}

func (o *kfpOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.url, flagKFPURL, o.url, "KFP's API server, as seen from where the scenario runs; there API_HOST and API_PORT also name it")
	flags.StringVar(&o.namespace, flagKFPNamespace, o.namespace, "where KFP's pods are, to see what they use; the URL says it when it is of the form NAME.NAMESPACE.svc")
	o.identityOptions.addFlags(flags)
	flags.BoolVar(&o.disableCache, flagDisableCache, false, "switch KFP's step caching off in each pipeline")
	flags.DurationVar(&o.drain, "drain", o.drain, "how long to wait for runs that have not ended after the last start")
	flags.StringVar(&o.keep, flagKeep, o.keep, "what of the run stays in KFP: failed (runs that did not succeed, with their experiment and pipeline), none or all; what recurs never stays")
	flags.DurationVar(&o.cleanupTimeout, flagCleanupTimeout, o.cleanupTimeout, "how long the deleting of the rest may take")
	flags.StringVar(&o.pipelinesDir, flagPipelinesDir, "", "folder to look for pipelines in, after those of the scenario")
}

// findNamespace takes KFP's namespace from its URL where that has it, unless the flag was given.
func (o *kfpOptions) findNamespace(flags *pflag.FlagSet) {
	if found := namespaceOf(o.url); found != "" && !flags.Changed(flagKFPNamespace) {
		o.namespace = found
	}
}

// validate looks at nothing but the options. Credentials have no place in a URL: it is printed, and
// stored in the result.
func (o *kfpOptions) validate() error {
	parsed, err := url.Parse(o.url)
	switch {
	case err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https":
		return fmt.Errorf("--%s is no URL such as http://ml-pipeline.kubeflow.svc:8888", flagKFPURL)
	case parsed.User != nil:
		return fmt.Errorf("--%s holds credentials, which KFP takes no notice of; leave them out", flagKFPURL)
	case len(validation.IsDNS1123Label(o.namespace)) > 0:
		return fmt.Errorf("--%s is %q, which is no name of a namespace", flagKFPNamespace, o.namespace)
	case o.drain <= 0:
		return fmt.Errorf("--drain is %s; it must be more than nothing", o.drain)
	case o.cleanupTimeout <= 0:
		return fmt.Errorf("--%s is %s; it must be more than nothing; to delete nothing say --%s all", flagCleanupTimeout, o.cleanupTimeout, flagKeep)
	}
	if _, err := result.ParseKeep(o.keep); err != nil {
		return fmt.Errorf("--%s: %w", flagKeep, err)
	}
	return o.identityOptions.validate()
}
