package cli

import (
	"errors"
	"os"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// flagTokenFile names a file with a token.
const flagTokenFile = "token-file"

// localTokens are what a run in this process shows to KFP.
func (o *runOptions) localTokens() func() (string, error) {
	if o.sandbox {
		return o.sandboxTokens()
	}
	return o.job.localTokens(o.program, o.kubernetes, o.tokenFile)
}

// localTokens are what this process shows to KFP: the token of a file, else that of the pod that it is in, else one
// that Kubernetes is asked for, of the account that a Job would have. Kubernetes is asked when KFP turns out to want a
// token, and not before.
func (o *jobOptions) localTokens(p program, kubernetes *genericclioptions.ConfigFlags, file string) func() (string, error) {
	if file != "" {
		return kfp.TokenFile(file)
	}
	if token := podToken(); token != nil {
		return token
	}
	if _, err := kubeconfig(kubernetes); err != nil {
		return func() (string, error) { return "", noTokenSource(err) }
	}
	connected, _, err := connect(kubernetes, "kubectl-kfpperf/"+p.version)
	if err != nil {
		return func() (string, error) { return "", noTokenSource(err) }
	}
	return connected.Tokens(o.serviceAccount, o.audience).Token
}

// noTokenSource tells that there is neither a token nor anybody to ask for one.
func noTokenSource(err error) error {
	var problem *handoff.Problem
	evidence := err.Error()
	if errors.As(err, &problem) {
		evidence = problem.Evidence
	}
	return &handoff.Problem{
		Cause: "this KFP is multi-user, and there is no token to show", Evidence: evidence,
		Remedy: "Name a file with one by --" + flagTokenFile + ", or choose a cluster whose Kubernetes API may be asked for one.",
	}
}

// checkTokenFile makes sure that there is a file where one was named.
func checkTokenFile(file string) error {
	if file == "" {
		return nil
	}
	_, err := os.Stat(file)
	return err
}
