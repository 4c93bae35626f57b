package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// removal bounds what is done after the caller's context has ended.
const removal = 30 * time.Second

// afterCollection is the life, in seconds, of a Job whose result is on disk: time for a last look.
const afterCollection = 15

// LeftError names what could not be removed.
type LeftError struct {
	// Names are kind/name of what is still there.
	Names []string
	err   error
}

func (e *LeftError) Error() string {
	return fmt.Sprintf("could not remove %s: %v", strings.Join(e.Names, ", "), e.err)
}

// Unwrap returns why.
func (e *LeftError) Unwrap() error { return e.err }

// Remove deletes a run: its Job, with which goes what the Job owns, and ConfigMaps that bear its label and may have no
// owner yet. Without the right to list those it leaves them to their owner. What is gone already is no error; a
// *LeftError says that something remains.
func (c *Cluster) Remove(ctx context.Context, runID string) error {
	ctx, cancel := context.WithTimeout(ctx, removal)
	defer cancel()
	configMaps, err := c.configMaps(ctx, runID)
	left := c.removeNamed(ctx, jobspec.JobName(runID), configMaps)
	if err == nil || apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return left
	}
	return errors.Join(left, &LeftError{Names: []string{"the ConfigMaps of " + runID}, err: err})
}

// configMaps returns the names of the ConfigMaps that bear the run's label.
func (c *Cluster) configMaps(ctx context.Context, runID string) ([]string, error) {
	list, err := c.client.CoreV1().ConfigMaps(c.namespace).List(ctx, metav1.ListOptions{LabelSelector: ofRun(runID)})
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range list.Items {
		names = append(names, list.Items[i].Name)
	}
	return names, nil
}

// ofRun selects what the product made for a run.
func ofRun(runID string) string {
	return jobspec.RunLabel + "=" + runID + "," + jobspec.ManagedByLabel + "=" + jobspec.ManagedBy
}

// removeNamed deletes a Job and ConfigMaps. An empty name is none.
func (c *Cluster) removeNamed(ctx context.Context, job string, configMaps []string) error {
	background := metav1.DeletePropagationBackground // pods are deleted by Kubernetes after the Job
	options := metav1.DeleteOptions{PropagationPolicy: &background}
	left := &LeftError{}
	note := func(name string, err error) {
		if err != nil && !apierrors.IsNotFound(err) {
			left.Names, left.err = append(left.Names, name), errors.Join(left.err, err)
		}
	}
	if job != "" {
		note("job/"+job, c.client.BatchV1().Jobs(c.namespace).Delete(ctx, job, options))
	}
	for _, name := range configMaps {
		note("configmap/"+name, c.client.CoreV1().ConfigMaps(c.namespace).Delete(ctx, name, options))
	}
	if left.err != nil {
		return left
	}
	return nil
}

// Release notes on the Job that its result, with this SHA-256, is collected and verified, and lets Kubernetes remove
// the run soon. Without the right to patch Jobs it removes the run itself.
func (c *Cluster) Release(ctx context.Context, runID, sha256 string) error {
	ctx, cancel := context.WithTimeout(ctx, removal)
	defer cancel()
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"annotations": map[string]string{jobspec.CollectedAnnotation: sha256}},
		"spec":     map[string]any{"ttlSecondsAfterFinished": afterCollection},
	})
	if err != nil {
		return fmt.Errorf("encoding a patch: %w", err)
	}
	_, err = c.client.BatchV1().Jobs(c.namespace).Patch(ctx, jobspec.JobName(runID), types.MergePatchType, patch, metav1.PatchOptions{})
	if err == nil || apierrors.IsNotFound(err) {
		return nil
	}
	return c.Remove(ctx, runID)
}
