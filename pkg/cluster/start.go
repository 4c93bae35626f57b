package cluster

import (
	"context"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
)

// Starting says how Start waits.
type Starting struct {
	// Timeout is how long the runner may take to start.
	Timeout time.Duration
	// Tell is told what the start waits for, whenever that changes.
	Tell func(*handoff.Problem)
}

// Start waits until the runner has started and returns the node it is on. Its error says what keeps the
// pod from starting: at once when that is final, after a while when Kubernetes goes on trying, at the
// timeout otherwise. It removes nothing.
func (c *Cluster) Start(ctx context.Context, runID string, s Starting) (node string, err error) {
	watch := startWatch{tell: s.Tell, grace: c.grace}
	for began := time.Now(); ; {
		pod, err := c.pod(ctx, runID)
		if err != nil {
			return "", err
		}
		if pod != nil && begun(pod) {
			return pod.Spec.NodeName, nil
		}
		if hopeless := watch.look(c.blocks(ctx, runID, pod)); hopeless != nil {
			return "", hopeless
		}
		if time.Since(began) > s.Timeout {
			return "", watch.late(s.Timeout)
		}
		if err := c.sleep(ctx); err != nil {
			return "", err
		}
	}
}

// begun reports whether the runner has started, be it over already.
func begun(pod *corev1.Pod) bool {
	state := stateOf(pod, handoff.RunnerContainer)
	return state.Running != nil || state.Terminated != nil
}

// blocks returns what keeps the run's pod from starting; without a pod only the Job's events tell.
func (c *Cluster) blocks(ctx context.Context, runID string, pod *corev1.Pod) (trouble, bool) {
	if pod != nil {
		return troubleOf(pod)
	}
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	events, err := c.client.CoreV1().Events(c.namespace).List(ctx, metav1.ListOptions{
		FieldSelector: fields.Set{
			"involvedObject.kind": "Job", "involvedObject.name": jobspec.JobName(runID), "reason": "FailedCreate",
		}.String(),
	})
	if err != nil || len(events.Items) == 0 {
		return trouble{}, false // without the right to list events, the timeout decides
	}
	problem, after := c.refused(events.Items[len(events.Items)-1].Message), soon
	if isPodSecurity(problem.Evidence) {
		after = final
	}
	return trouble{*problem, after}, true
}

// startWatch remembers what a start waits for.
type startWatch struct {
	tell  func(*handoff.Problem)
	grace time.Duration
	// last is what was seen first of the trouble that there is now: its words are the most telling, since
	// later ones say only that Kubernetes tries again.
	last  trouble
	since time.Time
}

// look takes note of what blocks the start now, and returns it when there is no point in waiting.
func (w *startWatch) look(now trouble, found bool) error {
	if !found {
		w.last = trouble{}
		return nil
	}
	if now.Cause != w.last.Cause {
		w.last, w.since = now, time.Now()
		w.tell(&now.Problem)
	}
	waited := time.Since(w.since)
	if now.hope == final || now.hope == heals && waited >= w.grace || now.hope == soon && waited >= w.grace/2 {
		problem := w.last.Problem
		return &problem
	}
	return nil
}

// late explains that the pod has not started in time.
func (w *startWatch) late(timeout time.Duration) error {
	if w.last.Cause == "" {
		return &handoff.Problem{
			Cause:  fmt.Sprintf("the pod did not start within %s, and nothing says why", timeout),
			Remedy: "Look at the namespace's events, or give it more time with --start-timeout.",
		}
	}
	problem := w.last.Problem
	problem.Cause = fmt.Sprintf("%s, and did not start within %s", problem.Cause, timeout)
	return &problem
}
