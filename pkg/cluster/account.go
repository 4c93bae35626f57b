package cluster

import (
	"context"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// kfpGroup is the API group that KFP's server has its access reviews in.
const kfpGroup = "pipelines.kubeflow.org"

// CheckKFP is the name of the check of what an account may do in KFP.
const CheckKFP = "KFP rights"

// Tenancy is what is known of KFP's mode.
type Tenancy int

// What can be known of it.
const (
	// TenancyUnknown is that of a KFP that could not be asked.
	TenancyUnknown Tenancy = iota
	// SingleUser asks nobody who calls.
	SingleUser
	// MultiUser demands rights.
	MultiUser
)

// KFPRight is one that KFP's server demands of a caller, such as create runs.
type KFPRight struct {
	Verb, Resource string
	// Helps says that a run goes on without it.
	Helps bool
}

// CheckKFPRights looks whether a service account may do in KFP what a run does. It asks Kubernetes as KFP's
// server does: by a review in the account's name, else as the account, where either is allowed. A
// single-user KFP demands nothing.
func (c *Cluster) CheckKFPRights(ctx context.Context, account string, demanded []KFPRight, mode Tenancy) (handoff.Check, error) {
	if mode == SingleUser {
		return handoff.Pass(CheckKFP, "KFP is single-user, and demands none"), nil
	}
	var missing, unhelped []string
	for _, demand := range demanded {
		r := right{verb: demand.Verb, group: kfpGroup, resource: demand.Resource}
		allowed, err := c.accountMay(ctx, account, r)
		switch {
		case apierrors.IsForbidden(err), apierrors.IsNotFound(err):
			return handoff.Doubt(CheckKFP, "you may not ask what "+account+" may do", "Add --probe: then KFP itself is asked."), nil
		case err != nil:
			return handoff.Check{}, c.unreachable(err)
		case !allowed && demand.Helps:
			unhelped = append(unhelped, r.String())
		case !allowed:
			missing = append(missing, r.String())
		}
	}
	if len(missing) == 0 && len(unhelped) > 0 {
		return handoff.Doubt(CheckKFP, account+" cannot delete from a multi-user KFP what a run makes there (missing in apiGroup "+kfpGroup+": "+strings.Join(unhelped, ", ")+")",
			"It stays then, and the run ends with exit code 6, unless --keep all says that it is meant to."), nil
	}
	if len(missing) == 0 {
		return handoff.Pass(CheckKFP, account+" has all that a run needs"), nil
	}
	evidence := "missing in apiGroup " + kfpGroup + ": " + strings.Join(missing, ", ")
	if mode == TenancyUnknown {
		return handoff.Doubt(CheckKFP, account+" could not use a multi-user KFP ("+evidence+"), and it is not known whether this one is",
			"Add --probe: then KFP itself is asked."), nil
	}
	return handoff.Fail(CheckKFP, &handoff.Problem{
		Cause:    fmt.Sprintf("%s may not use KFP in namespace %s", account, c.namespace),
		Evidence: evidence,
		Remedy: "Bind ClusterRole kubeflow-edit to it there, or choose another account with --service-account. kubectl kfpperf rbac" +
			" -n " + c.namespace + " prints what is needed.",
	}), nil
}

// accountMay asks whether a service account of the namespace has a right there.
func (c *Cluster) accountMay(ctx context.Context, account string, r right) (bool, error) {
	user := "system:serviceaccount:" + c.namespace + ":" + account
	review, err := c.client.AuthorizationV1().LocalSubjectAccessReviews(c.namespace).Create(ctx, &authorizationv1.LocalSubjectAccessReview{
		ObjectMeta: metav1.ObjectMeta{Namespace: c.namespace},
		Spec: authorizationv1.SubjectAccessReviewSpec{
			User:               user,
			Groups:             []string{"system:serviceaccounts", "system:serviceaccounts:" + c.namespace, "system:authenticated"},
			ResourceAttributes: r.in(c.namespace),
		},
	}, metav1.CreateOptions{})
	if err == nil {
		return review.Status.Allowed, nil
	}
	if !apierrors.IsForbidden(err) || c.impersonate == nil {
		return false, err
	}
	as, err := c.impersonate(user)
	if err != nil {
		return false, err
	}
	allowed, _, err := (&Cluster{client: as, namespace: c.namespace}).allowed(ctx, r)
	return allowed, err
}

// Impersonating lets the namespace be seen as another user sees it, for those who may impersonate.
func (c *Cluster) Impersonating(as func(user string) (kubernetes.Interface, error)) {
	c.impersonate = as
}
