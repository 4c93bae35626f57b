package cluster

import (
	"errors"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

func demanded() []KFPRight {
	return []KFPRight{{"create", "runs", false}, {"list", "runs", false}, {"delete", "runs", true}}
}

func TestRightsOfAnAccountInKFP(t *testing.T) {
	for name, test := range map[string]struct {
		mode   Tenancy
		denied []string
		want   handoff.Status
		says   string
	}{
		"single-user":             {SingleUser, []string{"create runs"}, handoff.Passed, "demands none"},
		"all of them":             {MultiUser, nil, handoff.Passed, "loader has all"},
		"one missing":             {MultiUser, []string{"create runs"}, handoff.Failed, "missing in apiGroup pipelines.kubeflow.org: create runs"},
		"one missing that helps":  {MultiUser, []string{"delete runs"}, handoff.Unknown, "missing in apiGroup pipelines.kubeflow.org: delete runs"},
		"missing, mode not known": {TenancyUnknown, []string{"create runs", "list runs"}, handoff.Unknown, "create runs, list runs"},
	} {
		t.Run(name, func(t *testing.T) {
			a, c := newAPI(t)
			a.denied = test.denied
			check, err := c.CheckKFPRights(t.Context(), "loader", demanded(), test.mode)
			if err != nil || check.Status != test.want || !strings.Contains(check.Evidence, test.says) {
				t.Errorf("%+v, %v", check, err)
			}
			if body := a.bodies["POST localsubjectaccessreviews"]; test.mode != SingleUser && !strings.Contains(body, `"user":"system:serviceaccount:ns:loader"`) {
				t.Errorf("asked for %s", body)
			}
		})
	}
}

func TestWhoMayNotReviewImpersonatesOrDoesNotKnow(t *testing.T) {
	a, c := newAPI(t)
	a.refusals["POST localsubjectaccessreviews"] = refusal(403, metav1.StatusReasonForbidden, "may not review")
	check, err := c.CheckKFPRights(t.Context(), "loader", demanded(), MultiUser)
	if err != nil || check.Status != handoff.Unknown || !strings.Contains(check.Remedy, "--probe") {
		t.Errorf("%+v, %v", check, err)
	}
	var as []string
	c.Impersonating(func(user string) (kubernetes.Interface, error) {
		as = append(as, user)
		return c.client, nil
	})
	a.denied = []string{"list runs"}
	check, err = c.CheckKFPRights(t.Context(), "loader", demanded(), MultiUser)
	if err != nil || check.Status != handoff.Failed || len(as) != 3 || as[0] != "system:serviceaccount:ns:loader" {
		t.Errorf("%+v, %v, as %q", check, err, as)
	}
	a.refusals["POST selfsubjectaccessreviews"] = refusal(403, metav1.StatusReasonForbidden, "may not impersonate")
	if check, err = c.CheckKFPRights(t.Context(), "loader", demanded(), MultiUser); err != nil || check.Status != handoff.Unknown {
		t.Errorf("%+v, %v", check, err)
	}
	c.Impersonating(func(string) (kubernetes.Interface, error) { return nil, errors.New("no client") })
	if _, err = c.CheckKFPRights(t.Context(), "loader", demanded(), MultiUser); err == nil {
		t.Error("a client that could not be made is no error")
	}
}
