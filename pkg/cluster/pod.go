package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// request bounds one call to the Kubernetes API that is no stream.
const request = 15 * time.Second

// Why a run that had started gives no result, or none that can be relied on. The errors that wrap these
// hold a *handoff.Problem.
var (
	// ErrLost says that the pod is gone or useless, and the result with it.
	ErrLost = errors.New("the result is lost")
	// ErrUnverified says that what was read is not what the worker wrote; it may be read again.
	ErrUnverified = errors.New("the result could not be verified")
	// ErrOutage says that the Kubernetes API was away for too long; the run goes on without us.
	ErrOutage = errors.New("the Kubernetes API is away")
)

// pod returns the run's pod, or nil while there is none. Outages of the Kubernetes API are waited for, up
// to c.outage after the first answer that did not come. Of several pods (a Job may start a second one when
// a node is lost) it is the oldest that is not being deleted. A refusal counts only when it lasts: an API server that
// has just started refuses everybody until it has read the roles.
func (c *Cluster) pod(ctx context.Context, runID string) (*corev1.Pod, error) {
	var away, refused time.Time
	for {
		pods, err := c.pods(ctx, runID)
		switch {
		case err == nil && len(pods) == 0:
			return nil, nil //nolint:nilnil // that there is none is an answer
		case err == nil:
			return &pods[0], nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
			if refused.IsZero() {
				refused = time.Now()
			}
			if time.Since(refused) > c.refusal {
				return nil, c.unreachable(err)
			}
		case away.IsZero():
			away = time.Now()
		case time.Since(away) > c.outage:
			return nil, fmt.Errorf("%w: %w", ErrOutage, c.unreachable(err))
		}
		if err := c.sleep(ctx); err != nil {
			return nil, err
		}
	}
}

// pods returns the run's pods, the one that counts first.
func (c *Cluster) pods(ctx context.Context, runID string) ([]corev1.Pod, error) {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	list, err := c.client.CoreV1().Pods(c.namespace).List(ctx, metav1.ListOptions{
		LabelSelector: jobspec.RunLabel + "=" + runID,
	})
	if err != nil {
		return nil, fmt.Errorf("listing the run's pods: %w", err)
	}
	sortPods(list.Items)
	return list.Items, nil
}

// sortPods puts those that stay before those that go, then the oldest first: the first is the run's.
func sortPods(pods []corev1.Pod) {
	slices.SortStableFunc(pods, func(a, b corev1.Pod) int {
		switch goes, other := a.DeletionTimestamp != nil, b.DeletionTimestamp != nil; {
		case goes && !other:
			return 1
		case other && !goes:
			return -1
		}
		return a.CreationTimestamp.Compare(b.CreationTimestamp.Time)
	})
}

// stateOf returns the state of a container; the zero state while the kubelet has not told any.
func stateOf(pod *corev1.Pod, container string) corev1.ContainerState {
	for _, status := range pod.Status.ContainerStatuses {
		if status.Name == container {
			return status.State
		}
	}
	return corev1.ContainerState{}
}

// over reports whether a container has ended, or can never end because its pod has.
func over(pod *corev1.Pod, container string) bool {
	phase := pod.Status.Phase
	return stateOf(pod, container).Terminated != nil || phase == corev1.PodFailed || phase == corev1.PodSucceeded
}

// lost explains that a pod that ran cannot be asked any more.
func (c *Cluster) lost(pod *corev1.Pod) error {
	problem := &handoff.Problem{
		Cause:  "the pod of the run is gone, and its result with it",
		Remedy: "See who deleted it: kubectl get events -n " + c.namespace,
	}
	if pod != nil {
		problem.Cause = "the pod of the run failed, and its result is lost"
		problem.Evidence = podWords(pod)
		problem.Remedy = "Look at it: kubectl describe pod " + pod.Name + " -n " + c.namespace
	}
	return fmt.Errorf("%w: %w", ErrLost, problem)
}

// podWords is what Kubernetes says of a pod as a whole, such as why it was evicted.
func podWords(pod *corev1.Pod) string {
	words := string(pod.Status.Phase)
	for _, more := range []string{pod.Status.Reason, pod.Status.Message} {
		if more != "" {
			words += ": " + more
		}
	}
	return words
}
