package worker

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// checkShare refuses a scenario that has nothing for our namespace.
func (o Options) checkShare() error {
	names := o.Document.Namespaces()
	if len(names) == 0 || slices.Contains(names, o.Namespace) {
		return nil
	}
	return &handoff.Problem{
		Cause:    "the scenario has nothing for namespace " + o.Namespace,
		Evidence: "it names " + strings.Join(names, ", "),
		Remedy:   "Start a worker in each of these, as kubectl kfpperf run does.",
	}
}

// ErrSingleUser says that a server does not separate the namespaces of the scenario, for none of them. What wraps it
// holds a *handoff.Problem.
var ErrSingleUser = errors.New("the server is single-user")

// checkApart refuses a server that does not tell namespaces apart, where that is asked for.
func (o Options) checkApart(server result.Server) error {
	names := o.Document.Namespaces()
	if !o.Apart || len(names) < 2 {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrSingleUser, &handoff.Problem{
		Cause:    "KFP at " + server.URL + " is single-user and does not separate the namespaces of the scenario",
		Evidence: strings.Join(names, ", "),
		Remedy:   "Remove namespaces from the scenario, or run it in the cluster, where each puts its load on from its own place.",
	})
}

// tenancy says whose part of the scenario the result is; nil where it names no namespaces.
func (o Options) tenancy() *result.Tenancy {
	names := o.Document.Namespaces()
	if len(names) == 0 {
		return nil
	}
	return &result.Tenancy{Namespace: o.Namespace, Namespaces: names}
}

// tenant is whose share the progress is told of; empty where there is nobody else.
func (o Options) tenant() string {
	if len(o.Document.Namespaces()) < 2 {
		return ""
	}
	return o.Namespace
}

// doubtTenancy returns what is doubtful about the tenants of a server.
func (o Options) doubtTenancy(server result.Server) []string {
	if o.tenant() == "" || server.MultiUser {
		return nil
	}
	return []string{"the server is single-user and does not separate namespaces: their load came from different places, and went to the same"}
}
