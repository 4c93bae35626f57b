package cluster

import (
	"context"
	"errors"
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
	// Commit is the results container's record.
	Commit handoff.Commit
}

// Collect waits until the results container has ended, reads what it printed and compares it with the
// commit record. It may be called again: reading changes nothing.
func (c *Cluster) Collect(ctx context.Context, runID string) (Collected, error) {
	pod, err := c.shipped(ctx, runID)
	if err != nil {
		return Collected{}, err
	}
	terminated := stateOf(pod, handoff.ResultsContainer).Terminated
	if terminated == nil { // the pod ended as a whole, as with an eviction
		return Collected{}, c.lost(pod)
	}
	commit, err := commitOf(runID, terminated)
	if err != nil {
		return Collected{}, c.unverified(pod, err)
	}
	if commit.Problem != nil {
		return Collected{Commit: commit}, nil //nolint:nilerr // why there is no result is what was collected
	}
	content, err := c.readResult(ctx, pod.Name, commit)
	if err != nil {
		return Collected{}, c.unverified(pod, err)
	}
	return Collected{Content: content, Commit: commit}, nil
}

// commitOf returns the record that the results container of the run left.
func commitOf(runID string, terminated *corev1.ContainerStateTerminated) (handoff.Commit, error) {
	commit, err := handoff.ParseCommit(terminated.Message)
	if err != nil {
		return commit, fmt.Errorf("exit code %d, %s: %w", terminated.ExitCode, terminated.Reason, err)
	}
	if commit.RunID != runID {
		return commit, fmt.Errorf("the commit record is of run %s", commit.RunID)
	}
	return commit, nil
}

// shipped waits for the end of the results container and returns its pod.
func (c *Cluster) shipped(ctx context.Context, runID string) (*corev1.Pod, error) {
	for began := time.Now(); ; {
		pod, err := c.pod(ctx, runID)
		switch {
		case err != nil:
			return nil, err
		case pod == nil:
			return nil, c.lost(nil)
		case over(pod, handoff.ResultsContainer):
			return pod, nil
		case time.Since(began) > c.shipping:
			return nil, c.unverified(pod, fmt.Errorf("the results container has not ended within %s", c.shipping))
		}
		if err := c.sleep(ctx); err != nil {
			return nil, err
		}
	}
}

// readResult reads the framed log, again when it comes damaged.
func (c *Cluster) readResult(ctx context.Context, pod string, commit handoff.Commit) ([]byte, error) {
	var failures error
	for range c.attempts {
		content, err := c.readFrames(ctx, pod)
		if err == nil {
			err = matches(content, commit)
		}
		if err == nil {
			return content, nil
		}
		failures = err
		if err := c.sleep(ctx); err != nil {
			return nil, errors.Join(failures, err)
		}
	}
	return nil, fmt.Errorf("%d times read; the last time: %w", c.attempts, failures)
}

func (c *Cluster) readFrames(ctx context.Context, pod string) ([]byte, error) {
	stream, err := c.client.CoreV1().Pods(c.namespace).GetLogs(pod, &corev1.PodLogOptions{
		Container: handoff.ResultsContainer,
	}).Stream(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the log of the results container: %w", err)
	}
	defer func() { _ = stream.Close() }() // it was only read
	return handoff.ReadFrames(stream)
}

// matches compares a result with its commit record: frames prove that the log is whole, the record that it
// is this run's.
func matches(content []byte, commit handoff.Commit) error {
	if sum := handoff.Sum(content); len(content) != commit.Bytes || sum != commit.SHA256 {
		return fmt.Errorf("the log holds %d bytes with sha256 %s, the commit record says %d and %s",
			len(content), sum, commit.Bytes, commit.SHA256)
	}
	return nil
}

func (c *Cluster) unverified(pod *corev1.Pod, cause error) error {
	return fmt.Errorf("%w: %w", ErrUnverified, &handoff.Problem{
		Cause: "the result could not be verified", Evidence: cause.Error(),
		Remedy: fmt.Sprintf("It is still in the log of pod %s: kubectl logs %s -c %s -n %s",
			pod.Name, pod.Name, handoff.ResultsContainer, c.namespace),
	})
}
