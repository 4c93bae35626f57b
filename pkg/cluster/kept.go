package cluster

import (
	"context"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// withoutPod returns the copy that the run kept of its result. Where there is none that can be relied on, the error
// is why the pod has none.
func (t *taking) withoutPod(ctx context.Context, why error) (Collected, error) {
	if t.fetch.whole() {
		return t.fetch.collected(t.runID)
	}
	kept, err := t.kept(ctx, t.runID)
	if err != nil {
		return Collected{}, why
	}
	return kept, nil
}

// kept returns the copy that a run kept of its result.
func (c *Cluster) kept(ctx context.Context, runID string) (Collected, error) {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	found, err := c.client.CoreV1().ConfigMaps(c.namespace).Get(ctx, jobspec.KeptName(runID), metav1.GetOptions{})
	if err != nil {
		return Collected{}, fmt.Errorf("looking for a copy of the result: %w", err)
	}
	commit, err := handoff.ParseCommit(found.Data[keptCommit])
	if err != nil {
		return Collected{}, err
	}
	content, err := handoff.Parcel{SHA256: commit.SHA256, Packed: found.BinaryData[keptResult]}.Unpack()
	if err != nil {
		return Collected{}, err
	}
	if commit.RunID != runID {
		return Collected{}, fmt.Errorf("the copy is of run %s", commit.RunID)
	}
	return Collected{Content: content, Commit: commit, Kept: true}, matches(content, commit)
}

// readFrames reads what a container printed.
func (c *Cluster) readFrames(ctx context.Context, pod, container string) ([]byte, error) {
	stream, err := c.client.CoreV1().Pods(c.namespace).GetLogs(pod, &corev1.PodLogOptions{Container: container}).Stream(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the log of container %s: %w", container, err)
	}
	defer func() { _ = stream.Close() }() // it was only read
	return handoff.ReadFrames(stream)
}
