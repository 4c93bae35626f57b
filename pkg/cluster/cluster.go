// Package cluster is the product's only user of client-go: it checks, launches, follows, collects and
// removes a run in one namespace, and observes what the run puts load on. It deletes nothing that was not
// collected and verified, unless the run never started; it executes nothing in a pod but what prints a held result.
package cluster

import (
	"context"
	"io"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// The service accounts that a run takes where they are.
const (
	// profileAccount is what Kubeflow makes in every profile namespace, and may use KFP there.
	profileAccount = "default-editor"
	// ownAccount is what manifests/single-user makes.
	ownAccount = "kfpperf"
)

// Cluster is one namespace of a Kubernetes cluster, with the rights of the client's user.
type Cluster struct {
	client    kubernetes.Interface
	namespace string
	// impersonate returns a client that acts as another user; nil where there is none.
	impersonate func(user string) (kubernetes.Interface, error)
	// poll is the time between two looks at a pod.
	poll time.Duration
	// grace is how long a failure may heal that Kubernetes retries: a pull, a quota.
	grace time.Duration
	// outage is how long the Kubernetes API may be away without ending what is under way.
	outage time.Duration
	// refusal is how long the Kubernetes API may refuse what it allowed before.
	refusal time.Duration
	// stall is how long a range may say nothing before its stream is given up.
	stall time.Duration
	// idle is how long a log stream may say nothing before it is taken for dead. A worker says something
	// at least every 15 s.
	idle time.Duration
	// exec runs a command in a container; nil where that was not set up.
	exec func(ctx context.Context, namespace, pod, container string, command []string, stdout io.Writer) error
	// patience is how long a result may take to be on the log before it is taken for a large one that is held.
	patience time.Duration
	// shipping is how long the results container may take once the runner has ended: it holds a large result for
	// minutes.
	shipping time.Duration
	// attempts bounds the tries to read a result.
	attempts int
}

// New returns the namespace as the client's user sees it.
func New(client kubernetes.Interface, namespace string) *Cluster {
	return &Cluster{
		client: client, namespace: namespace, poll: 500 * time.Millisecond,
		grace: 10 * time.Second, outage: 2 * time.Minute, refusal: 30 * time.Second, stall: request, idle: 40 * time.Second, shipping: 8 * time.Minute,
		patience: 3 * time.Second, attempts: 5,
	}
}

// In returns another namespace of the same cluster.
func (c *Cluster) In(namespace string) *Cluster {
	other := *c
	other.namespace = namespace
	return &other
}

// ServiceAccount returns the account for a run whose user named none: default-editor where it exists,
// else kfpperf, else default. Without the right to look it is default.
func (c *Cluster) ServiceAccount(ctx context.Context) (string, error) {
	for _, account := range []string{profileAccount, ownAccount} {
		_, err := c.client.CoreV1().ServiceAccounts(c.namespace).Get(ctx, account, metav1.GetOptions{})
		switch {
		case err == nil:
			return account, nil
		case !apierrors.IsNotFound(err) && !apierrors.IsForbidden(err):
			return "", c.unreachable(err)
		}
	}
	return "default", nil
}

// unreachable explains an error of the Kubernetes API that says nothing about the run.
func (c *Cluster) unreachable(err error) error {
	return &handoff.Problem{
		Cause: "the Kubernetes API did not answer as expected", Evidence: err.Error(),
		Remedy: "Try `kubectl get pods -n " + c.namespace + "` with the same --context.",
	}
}

// noNamespace explains that the namespace is missing.
func (c *Cluster) noNamespace(err error) *handoff.Problem {
	return &handoff.Problem{
		Cause: "namespace " + c.namespace + " was not found", Evidence: err.Error(),
		Remedy: "Choose another with -n, or another cluster with --context.",
	}
}

// sleep waits for one poll, or until ctx ends.
func (c *Cluster) sleep(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(c.poll):
		return nil
	}
}
