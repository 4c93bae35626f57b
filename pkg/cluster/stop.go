package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// ErrNotStarted says that a run has not started, so that there is nothing to stop: it can be removed.
var ErrNotStarted = errors.New("the run has not started")

// Stop asks a run's worker to stop before its time, and returns at once: the worker notices within a few seconds, and
// still leaves a result. A worker that starts later stops then. Its error is ErrNotStarted where none has.
func (c *Cluster) Stop(ctx context.Context, runID string, how handoff.Stop) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{handoff.StopAnnotation: string(how)}}})
	if err != nil {
		return fmt.Errorf("encoding a patch: %w", err)
	}
	pod, err := c.pod(ctx, runID)
	if err != nil {
		return err
	}
	if pod == nil {
		return ErrNotStarted
	}
	asking, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	pod, err = c.client.CoreV1().Pods(c.namespace).Patch(asking, pod.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	switch {
	case apierrors.IsForbidden(err):
		return c.denied(right{verb: "patch", resource: "pods"}, err.Error())
	case apierrors.IsNotFound(err):
		return ErrNotStarted
	case err != nil:
		return c.unreachable(fmt.Errorf("asking the run to stop: %w", err))
	case !begun(pod):
		return ErrNotStarted
	}
	return nil
}
