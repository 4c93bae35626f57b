package cluster

import (
	"context"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Names of checks.
const (
	checkNamespace = "namespace"
	// CheckAccount is the name of the check whether the Job's account is there.
	CheckAccount   = "service account"
	checkAdmission = "pod admission"
)

// Preflight asks the cluster, without changing it, whether a run can start: whether the namespace is there, the
// user's rights, the account, and a dry run of the very pod, which quota, pod security and admission webhooks all
// answer. Its error says that the Kubernetes API could not be asked; what a run lacks is among the checks.
func (c *Cluster) Preflight(ctx context.Context, objects *jobspec.Objects) ([]handoff.Check, error) {
	namespace, err := c.checkNamespace(ctx)
	if err != nil || namespace.Status == handoff.Failed {
		return []handoff.Check{namespace}, err
	}
	checks := []handoff.Check{namespace}
	rights, err := c.checkRights(ctx)
	checks = append(checks, rights...)
	if err != nil {
		return checks, err
	}
	for _, check := range []func(context.Context, *jobspec.Objects) (handoff.Check, error){c.checkAccount, c.checkAdmission} {
		made, err := check(ctx, objects)
		if err != nil {
			return checks, err
		}
		checks = append(checks, made)
		if made.Status == handoff.Failed {
			break // a pod of an account that is not there is refused for that
		}
	}
	return checks, nil
}

// checkNamespace looks whether there is one. Who may not look is not told whether it exists.
func (c *Cluster) checkNamespace(ctx context.Context) (handoff.Check, error) {
	found, err := c.client.CoreV1().Namespaces().Get(ctx, c.namespace, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return handoff.Fail(checkNamespace, c.noNamespace(err)), nil
	case apierrors.IsForbidden(err):
		return handoff.Doubt(checkNamespace, "you may not look at namespace "+c.namespace, ""), nil
	case err != nil:
		return handoff.Check{Name: checkNamespace, Status: handoff.Unknown}, c.unreachable(err)
	case found.DeletionTimestamp != nil:
		return handoff.Fail(checkNamespace, &handoff.Problem{
			Cause: "namespace " + c.namespace + " is being deleted", Remedy: "Choose another with -n.",
		}), nil
	}
	evidence := c.namespace
	if found.Labels[profileLabel] == profileValue {
		evidence += ", a profile of Kubeflow"
	}
	return handoff.Pass(checkNamespace, evidence), nil
}

// Kubeflow labels the namespaces of profiles so.
const (
	profileLabel = "app.kubernetes.io/part-of"
	profileValue = "kubeflow-profile"
)

// checkAccount looks whether the Job's account is there.
func (c *Cluster) checkAccount(ctx context.Context, objects *jobspec.Objects) (handoff.Check, error) {
	name := objects.Job.Spec.Template.Spec.ServiceAccountName
	_, err := c.client.CoreV1().ServiceAccounts(c.namespace).Get(ctx, name, metav1.GetOptions{})
	switch {
	case err == nil:
		return handoff.Pass(CheckAccount, name), nil
	case apierrors.IsForbidden(err):
		return handoff.Doubt(CheckAccount, "you may not look whether "+name+" exists", ""), nil
	case apierrors.IsNotFound(err):
		return handoff.Fail(CheckAccount, &handoff.Problem{
			Cause: "service account " + name + " does not exist in namespace " + c.namespace, Evidence: err.Error(),
			Remedy: "Name one that does with --service-account; kubectl kfpperf rbac -n " + c.namespace + " prints how to make one.",
		}), nil
	}
	return handoff.Check{}, c.unreachable(err)
}

// checkAdmission creates the Job's pod as a dry run. Who may create Jobs need not be allowed to create pods; then
// only the Job's events will tell.
func (c *Cluster) checkAdmission(ctx context.Context, objects *jobspec.Objects) (handoff.Check, error) {
	allowed, _, err := c.allowed(ctx, right{verb: "create", resource: "pods"})
	if err != nil {
		return handoff.Check{}, c.unreachable(err)
	}
	if !allowed {
		return handoff.Doubt(checkAdmission, "you may not create pods, and only who may can ask beforehand whether one would be taken",
			"The Job's events tell within seconds of its start; or ask somebody who may create pods to run this check."), nil
	}
	template := objects.Job.Spec.Template
	pod := &corev1.Pod{ObjectMeta: *template.ObjectMeta.DeepCopy(), Spec: *template.Spec.DeepCopy()}
	pod.GenerateName = objects.Job.Name + "-"
	controller := true // policies against pods that nothing controls do not mean this one
	pod.OwnerReferences = []metav1.OwnerReference{{
		APIVersion: "batch/v1", Kind: "Job", Name: objects.Job.Name, UID: "00000000-0000-0000-0000-000000000000", Controller: &controller,
	}}
	_, err = c.client.CoreV1().Pods(c.namespace).Create(ctx, pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	switch {
	case err == nil:
		return handoff.Pass(checkAdmission, "a dry run of the pod was accepted"), nil
	case apierrors.IsNotFound(err):
		return handoff.Fail(checkAdmission, c.noNamespace(err)), nil
	case apierrors.IsBadRequest(err) && strings.Contains(err.Error(), "dry run"):
		return handoff.Doubt(checkAdmission, "a webhook does not support dry runs: "+err.Error(), "The Job's events tell within seconds of its start."), nil
	case apierrors.IsForbidden(err), apierrors.IsInvalid(err), apierrors.IsBadRequest(err):
		return handoff.Fail(checkAdmission, c.refused(err.Error())), nil
	}
	return handoff.Check{}, c.unreachable(err)
}

// isPodSecurity reports whether it is pod security that refuses a pod: that never changes by itself.
func isPodSecurity(words string) bool { return strings.Contains(words, "violates PodSecurity") }

// refused explains why the cluster would not have the pod, in the cluster's words.
func (c *Cluster) refused(words string) *handoff.Problem {
	problem := &handoff.Problem{
		Cause: "namespace " + c.namespace + " refuses the pod", Evidence: words,
		Remedy: "Change what refuses it, or choose another namespace with -n.",
	}
	switch {
	case strings.Contains(words, "exceeded quota"), strings.Contains(words, "failed quota"):
		problem.Cause = "the quota of namespace " + c.namespace + " is too small for the pod"
		problem.Remedy = "Lower what it asks for with --resources, free some of the quota or raise it."
	case isPodSecurity(words):
		problem.Cause = "the pod security of namespace " + c.namespace + " refuses the pod"
		problem.Remedy = "The pod meets the level restricted as it is made: look at --pod-patch, or for a webhook that changes it."
	case strings.Contains(words, "service account"):
		problem.Remedy = "Name one that exists with --service-account."
	}
	return problem
}
