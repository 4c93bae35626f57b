package cluster

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// named returns the check of a name.
func named(t *testing.T, checks []handoff.Check, name string) handoff.Check {
	t.Helper()
	at := slices.IndexFunc(checks, func(c handoff.Check) bool { return c.Name == name })
	if at < 0 {
		t.Fatalf("no check %q among %+v", name, checks)
	}
	return checks[at]
}

func preflight(t *testing.T, c *Cluster) []handoff.Check {
	t.Helper()
	checks, err := c.Preflight(t.Context(), objects())
	if err != nil {
		t.Fatal(err)
	}
	return checks
}

func refusal(code int32, reason metav1.StatusReason, words string) metav1.Status {
	return metav1.Status{Code: code, Reason: reason, Message: words}
}

func TestPreflightChecksEachRight(t *testing.T) {
	a, c := newAPI(t)
	for _, check := range preflight(t, c) {
		if check.Status != handoff.Passed || check.Evidence == "" {
			t.Errorf("%+v", check)
		}
	}
	for _, right := range needed() {
		a.denied = []string{right.String()}
		check := named(t, preflight(t, c), right.String())
		if check.Status != handoff.Failed || check.Cause != "you may not "+right.String()+" in namespace ns" || !strings.Contains(check.Remedy, "kubectl kfpperf rbac -n ns") {
			t.Errorf("%s: %+v", right, check)
		}
	}
	for _, r := range helpful() {
		a.denied = []string{r.String()}
		if check := named(t, preflight(t, c), r.String()); check.Status != handoff.Unknown || !strings.Contains(check.Evidence, r.without) {
			t.Errorf("%s: %+v", r, check)
		}
	}
}

func TestPreflightOfANamespace(t *testing.T) {
	for _, test := range []struct {
		refusal metav1.Status
		want    handoff.Status
		checks  bool
	}{
		{refusal(404, metav1.StatusReasonNotFound, "no such namespace"), handoff.Failed, false},
		{refusal(403, metav1.StatusReasonForbidden, "may not look"), handoff.Unknown, true},
	} {
		a, c := newAPI(t)
		a.refusals["GET ns"] = test.refusal
		checks := preflight(t, c)
		if checks[0].Name != "namespace" || checks[0].Status != test.want || (len(checks) > 1) != test.checks {
			t.Errorf("%s: %+v", test.refusal.Message, checks)
		}
		if test.want == handoff.Failed && !strings.Contains(checks[0].Cause, "namespace ns was not found") {
			t.Errorf("%+v", checks[0])
		}
	}
}

func TestPreflightOfTheAccount(t *testing.T) {
	for _, test := range []struct {
		refusal metav1.Status
		want    handoff.Status
	}{
		{refusal(404, metav1.StatusReasonNotFound, "not found"), handoff.Failed},
		{refusal(403, metav1.StatusReasonForbidden, "may not look"), handoff.Unknown},
	} {
		a, c := newAPI(t)
		o := objects()
		o.Job.Spec.Template.Spec.ServiceAccountName = "loader"
		a.refusals["GET serviceaccounts/loader"] = test.refusal
		checks, err := c.Preflight(t.Context(), o)
		if check := named(t, checks, "service account"); err != nil || check.Status != test.want || !strings.Contains(check.Cause+check.Evidence, "loader") {
			t.Errorf("%+v, %v", check, err)
		}
	}
}

func TestPreflightAsksAdmissionOnlyWhereItMay(t *testing.T) {
	a, c := newAPI(t)
	if check := named(t, preflight(t, c), "pod admission"); check.Status != handoff.Passed || a.count("POST pods") != 1 {
		t.Errorf("%+v", check)
	}
	for words, want := range map[string]string{
		"exceeded quota: rq, requested: limits.cpu=1":     "quota of namespace ns",
		"violates PodSecurity \"restricted:latest\"":      "pod security of namespace ns",
		"admission webhook \"policy\" denied the request": "namespace ns refuses the pod",
	} {
		a.refusals["POST pods"] = refusal(http.StatusForbidden, metav1.StatusReasonForbidden, words)
		check := named(t, preflight(t, c), "pod admission")
		if check.Status != handoff.Failed || !strings.Contains(check.Cause, want) || check.Evidence != words {
			t.Errorf("%+v", check)
		}
	}
	a.denied = []string{"create pods"}
	if check := named(t, preflight(t, c), "pod admission"); check.Status != handoff.Unknown || a.count("POST pods") != 4 {
		t.Errorf("%+v", check)
	}
}
