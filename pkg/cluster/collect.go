package cluster

import (
	"context"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// Collected is what a run left.
type Collected struct {
	// Content is the result document, byte for byte as the runner wrote it; nil when Commit says that
	// there is none.
	Content []byte
	// Commit is the record of the container that shipped it. Its problem says why there is no result, or why the
	// result is partial.
	Commit handoff.Commit
	// Kept says that the pod cannot be asked any more, and that this is the copy that the run kept beside it.
	Kept bool
}

// Collect waits until the run has left its result, takes it from where it is, and compares it with the commit
// record: from the log of the results container, in ranges by exec while that holds a large one, from the runner's log
// when the results container died, or from the copy that the run kept when the pod is gone. It may be called again:
// reading changes nothing.
func (c *Cluster) Collect(ctx context.Context, runID string) (Collected, error) {
	taking := &taking{Cluster: c, runID: runID, began: time.Now()}
	for {
		pod, err := c.pod(ctx, runID)
		if err != nil {
			return Collected{}, err
		}
		if pod == nil {
			return taking.withoutPod(ctx, c.lost(nil))
		}
		collected, done, err := taking.from(ctx, pod)
		if done || err != nil {
			return collected, err
		}
		if err := c.sleep(ctx); err != nil {
			return Collected{}, err
		}
	}
}

// taking is one collection.
type taking struct {
	*Cluster
	runID string
	began time.Time
	// failures counts what was read and is not right.
	failures int
	// partial is when a record of a checkpoint was seen first.
	partial time.Time
	// fetch is the result as far as it was fetched in ranges.
	fetch fetch
}

// from takes what a pod has by now; false while there is more to wait for.
func (t *taking) from(ctx context.Context, pod *corev1.Pod) (Collected, bool, error) {
	shipper, commit, failure := shipperOf(pod, t.runID)
	switch {
	case failure == nil && commit.Partial && !t.settled(pod):
		return Collected{}, false, nil
	case failure == nil:
		return t.shipped(ctx, pod, shipper, commit)
	case over(pod, handoff.RunnerContainer) && over(pod, handoff.ResultsContainer):
		why := t.lost(pod)
		if stateOf(pod, handoff.ResultsContainer).Terminated != nil { // else the pod ended as a whole, as with an eviction
			why = t.unverified(pod, failure)
		}
		collected, err := t.withoutPod(ctx, why)
		return collected, true, err
	case t.fetch.whole() && time.Since(t.fetch.got) > t.patience:
		collected, err := t.fetch.collected(t.runID)
		return collected, true, err
	case time.Since(t.began) > t.shipping:
		return Collected{}, true, t.unverified(pod, fmt.Errorf("the results container has not ended within %s", t.shipping))
	}
	if stateOf(pod, handoff.ResultsContainer).Running != nil {
		if pod.DeletionTimestamp != nil {
			t.overhear(ctx, pod.Name)
		}
		t.fetchFrom(ctx, pod.Name)
	}
	return Collected{}, false, nil
}

// settled reports whether the runner has had its last word: the node may tell of its end, and of a whole result that it
// printed itself, a moment after that of the results container. One that hangs has none.
func (t *taking) settled(pod *corev1.Pod) bool {
	if t.partial.IsZero() {
		t.partial = time.Now()
	}
	return over(pod, handoff.RunnerContainer) || time.Since(t.partial) > t.patience
}

// shipperOf is the container that left the run's commit record, the results container before the runner. The error says
// what is wrong with the record of the former. A checkpoint gives way to a whole result: of a runner that could not
// leave that beside it, and so printed it and ended, the results container sees no more than the end.
func shipperOf(pod *corev1.Pod, runID string) (container string, commit handoff.Commit, err error) {
	commit, err = commitOf(pod, runID, handoff.ResultsContainer)
	if err == nil && !commit.Partial {
		return handoff.ResultsContainer, commit, nil
	}
	if own, another := commitOf(pod, runID, handoff.RunnerContainer); another == nil && (err != nil || own.SHA256 != "") {
		return handoff.RunnerContainer, own, nil //nolint:nilerr // the one record stands for the other
	}
	if err != nil {
		return "", commit, err
	}
	return handoff.ResultsContainer, commit, nil
}

// commitOf returns the record that a container of the run left.
func commitOf(pod *corev1.Pod, runID, container string) (handoff.Commit, error) {
	terminated := stateOf(pod, container).Terminated
	if terminated == nil {
		return handoff.Commit{}, fmt.Errorf("container %s has not ended", container)
	}
	commit, err := handoff.ParseCommit(terminated.Message)
	if err != nil {
		return commit, fmt.Errorf("container %s: exit code %d, %s: %w", container, terminated.ExitCode, terminated.Reason, err)
	}
	if commit.RunID != runID {
		return commit, fmt.Errorf("the commit record is of run %s", commit.RunID)
	}
	return commit, nil
}

// shipped takes what a container printed, unless it is there already.
func (t *taking) shipped(ctx context.Context, pod *corev1.Pod, container string, commit handoff.Commit) (Collected, bool, error) {
	if commit.SHA256 == "" {
		return Collected{Commit: t.explained(pod, commit)}, true, nil
	}
	content, err := t.fetch.content()
	if err != nil || matches(content, commit) != nil {
		content, err = t.readFrames(ctx, pod.Name, container)
		if err == nil {
			err = matches(content, commit)
		}
	}
	switch {
	case err == nil:
		return Collected{Content: content, Commit: t.explained(pod, commit)}, true, nil
	case ctx.Err() != nil:
		return Collected{}, true, context.Cause(ctx)
	}
	if t.failures++; t.failures < t.attempts {
		return Collected{}, false, nil
	}
	collected, err := t.withoutPod(ctx, t.unverified(pod, fmt.Errorf("%d times read; the last time: %w", t.failures, err)))
	return collected, true, err
}

// explained adds to the problem of a record what Kubernetes says of the runner's end, such as that it had no
// memory left.
func (t *taking) explained(pod *corev1.Pod, commit handoff.Commit) handoff.Commit {
	runner := stateOf(pod, handoff.RunnerContainer).Terminated
	if commit.Problem == nil || !commit.Partial || runner == nil {
		return commit
	}
	problem := *commit.Problem
	problem.Evidence = fmt.Sprintf("%s: %s, exit code %d", problem.Evidence, runner.Reason, runner.ExitCode)
	commit.Problem = &problem
	return commit
}

// matches compares a result with its commit record: frames prove that the log is whole, the record that it
// is this run's.
func matches(content []byte, commit handoff.Commit) error {
	if sum := handoff.Sum(content); len(content) != commit.Bytes || sum != commit.SHA256 {
		return fmt.Errorf("what was read has %d bytes with sha256 %s, the commit record says %d and %s",
			len(content), sum, commit.Bytes, commit.SHA256)
	}
	return nil
}

func (c *Cluster) unverified(pod *corev1.Pod, cause error) error {
	return fmt.Errorf("%w: %w", ErrUnverified, &handoff.Problem{
		Cause: "the result could not be verified", Evidence: cause.Error(),
		Remedy: fmt.Sprintf("It may still be in the log of pod %s: kubectl logs %s -c %s -n %s",
			pod.Name, pod.Name, handoff.ResultsContainer, c.namespace),
	})
}
