package cli

import (
	"errors"
	"net/url"
	"os"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
)

// surroundings are the cluster that the worker's pod is in.
func (o *workerOptions) surroundings() usage.Cluster {
	config, err := rest.InClusterConfig()
	if err != nil {
		return usage.Cluster{Absent: "the worker has no access to Kubernetes: " + err.Error()}
	}
	return o.observe(config, cluster.Observed{
		KFPNamespace: o.kfp.namespace, Pod: os.Getenv(handoff.EnvPod), PodNamespace: o.namespace,
	})
}

// surroundings are the cluster that kubectl would talk to. Nothing is asked yet, and a run needs none.
func (o *runOptions) surroundings() usage.Cluster {
	if o.sandbox {
		return usage.Cluster{Absent: "the server was the sandbox"}
	}
	config, err := kubeconfig(o.kubernetes)
	if err != nil {
		return usage.Cluster{Absent: "no cluster is configured: " + err.Error()}
	}
	return o.observe(config, cluster.Observed{KFPNamespace: o.kfp.namespace})
}

// errNoKubeconfig says that kubectl would have to guess.
var errNoKubeconfig = errors.New("there is no kubeconfig; set KUBECONFIG or --kubeconfig")

// kubeconfig returns where kubectl's flags and the kubeconfig lead; in a pod without one, to the pod's cluster.
// Where kubectl would try localhost:8080, whatever that is, it returns an error.
func kubeconfig(flags *genericclioptions.ConfigFlags) (*rest.Config, error) {
	raw, err := flags.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return nil, err
	}
	if len(raw.Clusters) == 0 && *flags.APIServer == "" {
		config, err := rest.InClusterConfig()
		if errors.Is(err, rest.ErrNotInCluster) {
			err = errNoKubeconfig
		}
		return config, err
	}
	return flags.ToRESTConfig()
}

// observe returns how a cluster is asked what it is and uses.
func (p program) observe(config *rest.Config, o cluster.Observed) usage.Cluster {
	config.UserAgent = "kubectl-kfpperf/" + p.version
	observer, err := cluster.NewObserver(config, o)
	if err != nil {
		return usage.Cluster{Absent: err.Error()}
	}
	return usage.Cluster{Pods: observer.Pods, Describe: observer.Describe}
}

// namespaceOf returns NAMESPACE of a URL whose host is NAME.NAMESPACE.svc, with the cluster's domain or
// without; empty for another.
func namespaceOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	_, namespace, _ := cluster.ServiceHost(parsed.Hostname())
	return namespace
}

// setFlags returns the flags that were set, for a result that people pass on: of what may be secret, or lead to
// it, only the name. Of kubectl's flags that is all but the namespace.
func setFlags(flags *pflag.FlagSet) []string {
	kubectl := pflag.NewFlagSet("kubernetes", pflag.ContinueOnError)
	genericclioptions.NewConfigFlags(true).AddFlags(kubectl)
	var set []string
	flags.Visit(func(f *pflag.Flag) {
		told := "--" + f.Name
		if f.Name == flagNamespace || f.Name == flagTokenAudience || kubectl.Lookup(f.Name) == nil && !secretive(f.Name) {
			told += "=" + f.Value.String()
		}
		set = append(set, told)
	})
	return set
}

// secretive reports whether a flag's name says that its value is nobody's business.
func secretive(flag string) bool {
	for _, word := range []string{"token", "secret", "password", "key", "credential"} {
		if strings.Contains(flag, word) {
			return true
		}
	}
	return false
}
