package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Names of the checks of a probe.
const (
	checkReachable  = "KFP reachable"
	checkIdentity   = "KFP identity"
	checkExperiment = "default experiment"
)

// Probe looks at KFP from where a run would be, and puts no load on it: whether it answers, what it is, whether it
// lets us in, and whether there is a default experiment. It changes nothing there. Its only error is that ctx ended.
func Probe(ctx context.Context, o Options) ([]handoff.Check, error) {
	o.Document = &scenario.Document{} // nothing is carried out
	o = o.withDefaults()
	server, err := o.reach(ctx)
	var problem *handoff.Problem
	switch {
	case errors.As(err, &problem) && server.URL == "":
		return []handoff.Check{handoff.Fail(checkReachable, problem)}, nil
	case err != nil && problem == nil:
		return nil, err
	}
	evidence := []string{"KFP " + server.Version}
	if server.Version == "" {
		evidence[0] = "a KFP that does not tell its version"
	}
	mode := "single-user"
	if server.MultiUser {
		mode = "multi-user"
	}
	evidence = append(evidence, mode)
	if server.Store != "" {
		evidence = append(evidence, "pipelines in its "+server.Store+" store")
	}
	checks := []handoff.Check{handoff.Pass(checkReachable, strings.Join(evidence, ", ")+", at "+o.URL)}
	switch {
	case problem != nil:
		return append(checks, handoff.Fail(checkIdentity, problem)), nil //nolint:nilerr // the problem is what was found
	case o.unlisted != nil:
		checks = append(checks, handoff.Doubt(checkIdentity, fmt.Sprintf("KFP did not list the runs of %s: %v", server.Namespace, o.unlisted), "See the log of ml-pipeline."))
	case server.MultiUser:
		checks = append(checks, handoff.Pass(checkIdentity, server.Identity+" may list runs in "+server.Namespace))
	default:
		checks = append(checks, handoff.Pass(checkIdentity, "a single-user KFP asks for none"))
	}
	return append(checks, o.defaultExperiment(ctx, server.Namespace)), nil
}

// defaultExperiment looks for the experiment that PIPELINE_RUN puts its runs into.
func (o *Options) defaultExperiment(ctx context.Context, namespace string) handoff.Check {
	_, found, err := o.Client.FindExperiment(ctx, "Default", namespace)
	switch {
	case err != nil:
		return handoff.Doubt(checkExperiment, fmt.Sprintf("KFP did not list experiments: %v", err), "")
	case found:
		return handoff.Pass(checkExperiment, "it is there")
	case namespace != "":
		return handoff.Pass(checkExperiment, "there is none, as in every new profile; the first run makes it")
	}
	return handoff.Doubt(checkExperiment, "there is none named Default; a single-user KFP makes it when it starts",
		"Restart ml-pipeline, or see its log.")
}
