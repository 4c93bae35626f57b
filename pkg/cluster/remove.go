package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

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

// Remove deletes a run's objects, those that are gone already included. It returns a *LeftError when
// some remain.
func (c *Cluster) Remove(ctx context.Context, objects *jobspec.Objects) error {
	ctx, cancel := context.WithTimeout(ctx, removal)
	defer cancel()
	background := metav1.DeletePropagationBackground // pods are deleted by Kubernetes after the Job
	options := metav1.DeleteOptions{PropagationPolicy: &background}
	left := &LeftError{}
	note := func(name string, err error) {
		if err != nil && !apierrors.IsNotFound(err) {
			left.Names, left.err = append(left.Names, name), errors.Join(left.err, err)
		}
	}
	if job := objects.Job; job != nil {
		note("job/"+job.Name, c.client.BatchV1().Jobs(c.namespace).Delete(ctx, job.Name, options))
	}
	for _, configMap := range objects.ConfigMaps {
		note("configmap/"+configMap.Name, c.client.CoreV1().ConfigMaps(c.namespace).Delete(ctx, configMap.Name, options))
	}
	if left.err != nil {
		return left
	}
	return nil
}

// Release lets Kubernetes remove a run whose result is collected and verified, soon. Without the right
// to patch Jobs it removes the run itself.
func (c *Cluster) Release(ctx context.Context, objects *jobspec.Objects) error {
	patch := fmt.Appendf(nil, `{"spec":{"ttlSecondsAfterFinished":%d}}`, afterCollection)
	_, err := c.client.BatchV1().Jobs(c.namespace).Patch(ctx, objects.Job.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	if err == nil || apierrors.IsNotFound(err) {
		return nil
	}
	return c.Remove(ctx, objects)
}
