package cli

import (
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// What one person's plugin may ask of the Kubernetes API: enough for the checks before a run to take no
// time. client-go's own default is 5 a second.
const (
	kubernetesQPS   = 50
	kubernetesBurst = 100
)

// connect returns the namespace that kubectl's flags and the kubeconfig choose, as a client sees it.
func connect(flags *genericclioptions.ConfigFlags, userAgent string) (*cluster.Cluster, string, error) {
	namespace, _, err := flags.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, "", noKubeconfig(err)
	}
	config, err := flags.ToRESTConfig()
	if err != nil {
		return nil, "", noKubeconfig(err)
	}
	config.QPS, config.Burst, config.UserAgent = kubernetesQPS, kubernetesBurst, userAgent
	config.WarningHandler = rest.NoWarnings{} // stderr is the console's; what refuses the pod is told by the checks
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, "", noKubeconfig(err)
	}
	connected := cluster.New(client, namespace)
	connected.Executing(config)
	connected.Impersonating(func(user string) (kubernetes.Interface, error) {
		other := rest.CopyConfig(config)
		other.Impersonate = rest.ImpersonationConfig{UserName: user}
		return kubernetes.NewForConfig(other)
	})
	return connected, namespace, nil
}

func noKubeconfig(err error) error {
	return exitWith(exitNoStart, &handoff.Problem{
		Cause: "no cluster is configured", Evidence: err.Error(),
		Remedy: fmt.Sprintf("Set KUBECONFIG or --kubeconfig, choose a --context, or use --local against --%s.", flagKFPURL),
	})
}

// kubectlFlags are the flags that lead a plain kubectl to the same cluster, ready for a shell.
func kubectlFlags(flags *genericclioptions.ConfigFlags) []string {
	var chosen []string
	for _, flag := range []struct {
		name  string
		value *string
	}{{"kubeconfig", flags.KubeConfig}, {"context", flags.Context}} {
		if flag.value != nil && *flag.value != "" {
			chosen = append(chosen, "--"+flag.name+"='"+strings.ReplaceAll(*flag.value, "'", `'\''`)+"'")
		}
	}
	return chosen
}

// commandFor is what to type for a verb of the plugin's about a run. Plugins take kubectl's flags behind the verb.
func commandFor(verb, runID string, flags ...string) string {
	return strings.Join(append([]string{displayName, verb, runID}, flags...), " ")
}
