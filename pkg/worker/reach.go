package worker

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const (
	// patience is how long a KFP that does not answer is asked again: long enough for a Service whose
	// endpoints are about to change, short enough for a person who waits.
	patience = 5 * time.Second
	// attempt bounds one question; healthz answers at once or is in trouble.
	attempt = 10 * time.Second
	// sandboxVersion begins what an embedded server says its version is.
	sandboxVersion = "sandbox"
	// pause is the time between two questions.
	pause = 500 * time.Millisecond
)

// reach makes sure that KFP answers, and that a multi-user one knows us; a single-user one is not told who we
// are unless that was asked for. Its error is a *handoff.Problem unless ctx ended; where that is about who we are, the
// server is known all the same.
func (o *Options) reach(ctx context.Context) (result.Server, error) {
	health, err := o.health(ctx)
	if ctx.Err() != nil {
		return result.Server{}, fmt.Errorf("asking KFP for its health: %w", ctx.Err())
	}
	if err != nil {
		return result.Server{}, unreachable(o.URL, err)
	}
	server := result.Server{
		URL: o.URL, Version: health.Version, Store: health.Store, MultiUser: health.MultiUser,
		Sandbox: strings.HasPrefix(health.Version, sandboxVersion),
	}
	if !health.MultiUser && o.Auth != handoff.AuthToken {
		if !o.Client.Named() { // a name is sent where one was given: somebody in front of KFP may want it
			o.Client = o.Client.Anonymous()
		}
		return server, o.checkApart(server)
	}
	caller, err := o.Client.Caller()
	if err != nil {
		return server, noToken(err)
	}
	if !health.MultiUser {
		return server, o.checkApart(server)
	}
	server.Namespace, server.Identity = o.Namespace, caller.Name()
	// healthz asks nobody who they are. The first call that does is made here, where it can still be
	// the reason not to start.
	if _, _, err := o.Client.FindRunByName(ctx, o.Namespace, o.RunID); err != nil {
		if problem := unwelcome(caller, o.Namespace, err); problem != nil {
			return server, problem
		}
		o.Logger.Warn("the first list of runs failed", "error", err)
		o.unlisted = err
	}
	return server, nil
}

// health asks until KFP answers, something answers that asking again does not change, or the patience is
// over.
func (o Options) health(ctx context.Context) (kfp.Health, error) {
	for giveUp := time.Now().Add(patience); ; {
		asking, cancel := context.WithTimeout(ctx, attempt)
		health, err := o.Client.Health(asking)
		cancel()
		if err == nil || !passing(err) || time.Now().Add(pause).After(giveUp) {
			return health, err
		}
		o.Logger.Info("KFP does not answer yet", "url", o.URL, "error", err)
		select {
		case <-ctx.Done():
			return kfp.Health{}, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// passing reports whether an error may be over soon: no answer, or a proxy that has none.
func passing(err error) bool {
	switch kfp.StatusOf(err) {
	case 0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// unreachable tells why healthz gave nothing useful.
func unreachable(url string, err error) *handoff.Problem {
	problem := &handoff.Problem{Evidence: err.Error()}
	switch kfp.StatusOf(err) {
	case 0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		problem.Cause = "KFP cannot be reached at " + url
		problem.Remedy = "Name its address with --kfp-url (or API_HOST and API_PORT), and see that the" +
			" Service behind it has endpoints: kubectl get endpoints -n kubeflow ml-pipeline"
	case http.StatusUnauthorized, http.StatusForbidden:
		problem.Cause = "something in front of KFP at " + url + " does not let this worker through"
		problem.Remedy = "Look for an authorization policy or a login in front of KFP; inside the cluster," +
			" use the address of the ml-pipeline Service itself with --kfp-url."
	default:
		problem.Cause = "what answers at " + url + " is not a working KFP API server"
		problem.Remedy = "Name the address of the KFP API server with --kfp-url (or API_HOST and API_PORT)."
	}
	return problem
}
