package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	metrics "k8s.io/metrics/pkg/client/clientset/versioned"
)

// observation bounds each call of an Observer, which nobody waits for long.
const observation = 5 * time.Second

// Observed says what an Observer looks at.
type Observed struct {
	// KFPNamespace is where KFP's own pods are.
	KFPNamespace string
	// Pod and PodNamespace are this process's own; empty outside a pod.
	Pod, PodNamespace string
}

// Observer looks at the cluster that KFP runs in while it is under load. It changes nothing, and what it may
// not see it reports as a gap: it needs no more rights than it is given. manifests/observer has them all.
type Observer struct {
	Observed
	core     kubernetes.Interface
	measured metrics.Interface
	// timeout bounds each call; pause is the time between two looks at what is not there yet.
	timeout, pause time.Duration
}

// NewObserver returns an observer with the rights of a configuration. Nothing is asked yet.
func NewObserver(config *rest.Config, o Observed) (*Observer, error) {
	config.WarningHandler = rest.NoWarnings{} // it has no terminal to warn on
	if config.ExecProvider != nil {
		config.ExecProvider.StdinUnavailable = true
		config.ExecProvider.StdinUnavailableMessage = "a run is not interrupted to ask for credentials"
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("making a client of Kubernetes: %w", err)
	}
	core, err := kubernetes.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("making a client of Kubernetes: %w", err)
	}
	measured, err := metrics.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, fmt.Errorf("making a client of metrics.k8s.io: %w", err)
	}
	return &Observer{Observed: o, core: core, measured: measured, timeout: observation, pause: time.Second}, nil
}

// ask makes one bounded call. What it is to do is told in the gap when it fails, as in "list nodes".
func ask[T any](ctx context.Context, o *Observer, field, do string, call func(context.Context) (T, error)) (T, []result.Gap) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	answer, err := call(ctx)
	if err != nil {
		return answer, []result.Gap{{What: field, Why: o.why(do, err)}}
	}
	return answer, nil
}

// why tells why something could not be done, and what helps.
func (o *Observer) why(do string, err error) string {
	switch {
	case apierrors.IsForbidden(err):
		return "this account may not " + do + "; grant it with `kubectl apply -k manifests/observer`"
	case apierrors.IsUnauthorized(err):
		return "the Kubernetes API does not accept the identity of this account, which was to " + do
	case errors.Is(err, context.Canceled):
		return "the run had ended before the Kubernetes API answered, which was asked to " + do
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("the Kubernetes API did not answer within %s, which was asked to %s", o.timeout, do)
	}
	return "the Kubernetes API did not " + do + ": " + err.Error()
}
