package cluster

import (
	"context"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// right is something that a user may or may not do in a namespace.
type right struct{ verb, group, resource, subresource string }

func (r right) String() string {
	resource := r.resource
	if r.subresource != "" {
		resource += "/" + r.subresource
	}
	return r.verb + " " + resource
}

// needed are the rights without which a run cannot be launched, followed, collected and removed.
func needed() []right {
	return []right{
		{verb: "create", resource: "configmaps"},
		{verb: "patch", resource: "configmaps"},
		{verb: "delete", resource: "configmaps"},
		{verb: "create", group: "batch", resource: "jobs"},
		{verb: "delete", group: "batch", resource: "jobs"},
		{verb: "list", resource: "pods"},
		{verb: "get", resource: "pods", subresource: "log"},
	}
}

// Preflight asks the cluster, without changing it, whether the run can start: the user's rights, and a
// dry run of the very pod, which quota, pod security and admission webhooks all answer. It returns how
// many checks it made, and the first that failed as a *handoff.Problem.
func (c *Cluster) Preflight(ctx context.Context, objects *jobspec.Objects) (int, error) {
	checks := 0
	for _, r := range needed() {
		checks++
		allowed, reason, err := c.allowed(ctx, r)
		if err != nil {
			return checks, c.unreachable(err)
		}
		if !allowed {
			return checks, c.denied(r, reason)
		}
	}
	// Who may create Jobs need not be allowed to create pods; then only the Job's events will tell.
	allowed, _, err := c.allowed(ctx, right{verb: "create", resource: "pods"})
	if err != nil {
		return checks, c.unreachable(err)
	}
	if !allowed {
		return checks, nil
	}
	return checks + 1, c.admission(ctx, objects)
}

func (c *Cluster) allowed(ctx context.Context, r right) (bool, string, error) {
	review, err := c.client.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: c.namespace, Verb: r.verb, Group: r.group, Resource: r.resource, Subresource: r.subresource,
		}},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, "", fmt.Errorf("asking whether you may %s: %w", r, err)
	}
	return review.Status.Allowed, review.Status.Reason, nil
}

func (c *Cluster) denied(r right, reason string) error {
	return &handoff.Problem{
		Cause: fmt.Sprintf("you may not %s in namespace %s", r, c.namespace), Evidence: reason,
		Remedy: "Ask for a role there that allows it, such as the ClusterRole edit, or choose another namespace with -n.",
	}
}

// admission creates the Job's pod as a dry run.
func (c *Cluster) admission(ctx context.Context, objects *jobspec.Objects) error {
	template := objects.Job.Spec.Template
	pod := &corev1.Pod{ObjectMeta: *template.ObjectMeta.DeepCopy(), Spec: *template.Spec.DeepCopy()}
	pod.GenerateName = objects.Job.Name + "-"
	_, err := c.client.CoreV1().Pods(c.namespace).Create(ctx, pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	switch {
	case err == nil:
		return nil
	case apierrors.IsNotFound(err):
		return c.noNamespace(err)
	case apierrors.IsForbidden(err), apierrors.IsInvalid(err), apierrors.IsBadRequest(err):
		return c.refused(err.Error())
	default:
		return c.unreachable(err)
	}
}

// refused explains why the cluster would not have the pod, in the cluster's words.
func (c *Cluster) refused(words string) *handoff.Problem {
	remedy := "Change what refuses it, or choose another namespace with -n."
	switch {
	case strings.Contains(words, "exceeded quota"), strings.Contains(words, "failed quota"):
		remedy = "Raise the quota, free some of it, or choose another namespace with -n."
	case strings.Contains(words, "violates PodSecurity"):
		remedy = "The pod meets the level restricted as it is made; look for a webhook that changes it."
	case strings.Contains(words, "service account"):
		remedy = "Name one that exists with --service-account."
	}
	return &handoff.Problem{
		Cause: "namespace " + c.namespace + " refuses the pod", Evidence: words, Remedy: remedy,
	}
}
