package cluster

import (
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const proxied = "GET services/http:ml-pipeline:8888/proxy/apis/v2beta1/healthz"

func TestAGlanceTellsTheModeWhereItMay(t *testing.T) {
	const address = "http://ml-pipeline.ns.svc.cluster.local:8888"
	for name, test := range map[string]struct {
		address string
		answer  string
		refusal metav1.Status
		status  handoff.Status
		mode    Tenancy
		says    string
	}{
		"multi-user":   {address, `{"multi_user":true,"tag_name":"2.17"}`, metav1.Status{}, handoff.Passed, MultiUser, "KFP 2.17 multi-user"},
		"single-user":  {address, `{"multi_user":false}`, metav1.Status{}, handoff.Passed, SingleUser, "KFP single-user"},
		"no KFP":       {address, `<html>`, metav1.Status{}, handoff.Unknown, TenancyUnknown, "not what KFP's healthz says"},
		"another JSON": {address, `{}`, metav1.Status{}, handoff.Unknown, TenancyUnknown, "not what KFP's healthz says"},
		"no right":     {address, "", refusal(403, metav1.StatusReasonForbidden, "no"), handoff.Unknown, TenancyUnknown, "you may not look"},
		"no service":   {address, "", refusal(404, metav1.StatusReasonNotFound, "not found"), handoff.Unknown, TenancyUnknown, "there is no Service ml-pipeline in namespace ns"},
		"no endpoints": {address, "", refusal(503, metav1.StatusReasonServiceUnavailable, "no endpoints"), handoff.Unknown, TenancyUnknown, "does not answer through the Kubernetes API"},
		"a gateway":    {"https://kfp.example.com/pipeline", "", metav1.Status{}, handoff.Unknown, TenancyUnknown, "https://kfp.example.com/pipeline"},
		"a path":       {address + "/pipeline", "", metav1.Status{}, handoff.Unknown, TenancyUnknown, "only the cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			a, c := newAPI(t)
			a.raw = map[string]string{proxied: test.answer}
			if test.refusal.Code != 0 {
				a.refusals[proxied] = test.refusal
			}
			check, mode := c.Glance(t.Context(), test.address)
			if check.Status != test.status || mode != test.mode || !strings.Contains(check.Cause+check.Evidence, test.says) {
				t.Errorf("%+v, mode %d", check, mode)
			}
		})
	}
}

func TestServiceBehindAURL(t *testing.T) {
	for address, want := range map[string]service{
		"http://ml-pipeline.kubeflow.svc:8888":        {"http", "ml-pipeline", "kubeflow", "8888"},
		"https://kfp.a.svc.cluster.local/":            {"https", "kfp", "a", "443"},
		"http://kfp.a.svc":                            {"http", "kfp", "a", "80"},
		"http://localhost:8888":                       {},
		"http://ml-pipeline.kubeflow:8888":            {},
		"http://ml-pipeline.kubeflow.svc:8888/a/path": {},
		"http://%zz": {},
	} {
		if got, found := serviceOf(address); got != want || found != (want != service{}) {
			t.Errorf("%s: %+v, %v", address, got, found)
		}
	}
}
