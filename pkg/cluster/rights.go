package cluster

import (
	"context"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// right is something that a user may or may not do in a namespace.
type right struct{ verb, group, resource, subresource string }

// String is how kubectl auth can-i names it.
func (r right) String() string {
	resource := r.resource
	if r.subresource != "" {
		resource += "/" + r.subresource
	}
	return r.verb + " " + resource
}

// qualified is the resource with its group, as kubectl writes it.
func (r right) qualified() string {
	_, name, _ := strings.Cut(r.String(), " ")
	if r.group != "" {
		name = r.group + "/" + name
	}
	return name
}

func (r right) in(namespace string) *authorizationv1.ResourceAttributes {
	return &authorizationv1.ResourceAttributes{
		Namespace: namespace, Verb: r.verb, Group: r.group, Resource: r.resource, Subresource: r.subresource,
	}
}

// needed are the rights without which a run cannot be launched, followed, collected and removed. They are those
// of manifests/launcher, but for what helps and is not needed.
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

// helpful are rights without which a run goes on, and what it then goes without.
func helpful() []struct {
	right
	without string
} {
	return []struct {
		right
		without string
	}{
		{right{verb: "list", group: "batch", resource: "jobs"}, "without it a run that was left alone is not found again, by list, attach and the others"},
		{right{verb: "patch", resource: "pods"}, "without it a run cannot be cancelled, only deleted"},
		{right{verb: "create", resource: "pods", subresource: "exec"}, "without it a large result is read from a log, which takes longer"},
		{right{verb: "list", resource: "configmaps"}, "without it what a broken launch left is not found when the run is removed"},
		{right{verb: "list", resource: "events"}, "without it nobody can say why a pod is not created"},
		{right{verb: "patch", group: "batch", resource: "jobs"}, "without it a finished Job is deleted at once, and cannot be looked at for a while"},
		{right{verb: "get", resource: "serviceaccounts"}, "without it the account default-editor is not found by itself: name it with --service-account"},
	}
}

// checkRights asks for each right by itself.
func (c *Cluster) checkRights(ctx context.Context) ([]handoff.Check, error) {
	var checks []handoff.Check
	for _, r := range needed() {
		allowed, reason, err := c.allowed(ctx, r)
		switch {
		case err != nil:
			return checks, c.unreachable(err)
		case allowed:
			checks = append(checks, handoff.Pass(r.String(), r.qualified()+" in "+c.namespace))
		default:
			checks = append(checks, handoff.Fail(r.String(), c.denied(r, reason)))
		}
	}
	for _, r := range helpful() {
		switch allowed, _, err := c.allowed(ctx, r.right); {
		case err != nil:
			return checks, c.unreachable(err)
		case !allowed:
			checks = append(checks, handoff.Doubt(r.String(), "you may not: "+r.without, "Ask for it if you need that; a run starts without."))
		default:
			checks = append(checks, handoff.Pass(r.String(), r.qualified()+" in "+c.namespace))
		}
	}
	return checks, nil
}

func (c *Cluster) allowed(ctx context.Context, r right) (bool, string, error) {
	review, err := c.client.AuthorizationV1().SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: r.in(c.namespace)},
	}, metav1.CreateOptions{})
	if err != nil {
		return false, "", fmt.Errorf("asking whether you may %s: %w", r, err)
	}
	return review.Status.Allowed, review.Status.Reason, nil
}

func (c *Cluster) denied(r right, reason string) *handoff.Problem {
	return &handoff.Problem{
		Cause: fmt.Sprintf("you may not %s in namespace %s", r, c.namespace), Evidence: reason,
		Remedy: "Ask for the rights that `kubectl kfpperf rbac -n " + c.namespace + "` prints, or choose another namespace with -n.",
	}
}
