package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// ErrExists says that a run of this id is in the namespace already: make another id.
var ErrExists = errors.New("a run with this id exists already")

// Launch creates the run: its ConfigMaps, its Job, and the Job as their owner, so that they go with
// it. When it fails, it has removed what it made, or names it in the error.
func (c *Cluster) Launch(ctx context.Context, objects *jobspec.Objects) error {
	made := &jobspec.Objects{}
	err := c.create(ctx, objects, made)
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removal)
	defer cancel()
	job, configMaps := "", []string(nil)
	if made.Job != nil {
		job = made.Job.Name
	}
	for _, configMap := range made.ConfigMaps {
		configMaps = append(configMaps, configMap.Name)
	}
	return errors.Join(err, c.removeNamed(ctx, job, configMaps))
}

// create makes the objects and notes in made which exist.
func (c *Cluster) create(ctx context.Context, objects, made *jobspec.Objects) error {
	for _, configMap := range objects.ConfigMaps {
		if _, err := c.client.CoreV1().ConfigMaps(c.namespace).Create(ctx, configMap, metav1.CreateOptions{}); err != nil {
			return c.createError("ConfigMap", configMap.Name, err)
		}
		made.ConfigMaps = append(made.ConfigMaps, configMap)
	}
	job, err := c.client.BatchV1().Jobs(c.namespace).Create(ctx, objects.Job, metav1.CreateOptions{})
	if err != nil {
		return c.createError("Job", objects.Job.Name, err)
	}
	made.Job = job
	for _, configMap := range made.ConfigMaps {
		if err := c.own(ctx, configMap, job); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) createError(kind, name string, err error) error {
	switch {
	case apierrors.IsAlreadyExists(err):
		return fmt.Errorf("%w: %s %s", ErrExists, kind, name)
	case apierrors.IsForbidden(err), apierrors.IsInvalid(err):
		return c.refused(err.Error())
	case apierrors.IsNotFound(err):
		return c.noNamespace(err)
	default:
		return c.unreachable(fmt.Errorf("creating %s %s: %w", kind, name, err))
	}
}

// own makes the Job the owner of a ConfigMap.
func (c *Cluster) own(ctx context.Context, configMap *corev1.ConfigMap, job *batchv1.Job) error {
	owner := metav1.NewControllerRef(job, batchv1.SchemeGroupVersion.WithKind("Job"))
	owner.BlockOwnerDeletion = nil // who sets it needs a right to the Job's finalizers, where OpenShift checks that
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"ownerReferences": []metav1.OwnerReference{*owner}}})
	if err != nil {
		return fmt.Errorf("encoding an owner reference: %w", err)
	}
	_, err = c.client.CoreV1().ConfigMaps(c.namespace).Patch(ctx, configMap.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	if err != nil {
		return c.unreachable(fmt.Errorf("making the job the owner of %s: %w", configMap.Name, err))
	}
	return nil
}
