package cluster

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const asking = "POST serviceaccounts/default-editor/token"

func issue(a *api, token string, life time.Duration) {
	a.raw = map[string]string{asking: `{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","status":{"token":"` + token +
		`","expirationTimestamp":"` + time.Now().Add(life).UTC().Format(time.RFC3339) + `"}}`}
}

func TestATokenIsKeptForHalfOfItsLife(t *testing.T) {
	a, c := newAPI(t)
	issue(a, "first", time.Hour)
	tokens := c.Tokens("", "pipelines.kubeflow.org")
	for range 3 {
		if token, err := tokens.Token(); token != "first" || err != nil {
			t.Fatalf("%q, %v", token, err)
		}
	}
	if a.count(asking) != 1 || !strings.Contains(a.bodies[asking], `"audiences":["pipelines.kubeflow.org"]`) {
		t.Errorf("asked %d times, with %s", a.count(asking), a.bodies[asking])
	}
	tokens.renew = time.Now()
	issue(a, "second", time.Hour)
	if token, err := tokens.Token(); token != "second" || err != nil {
		t.Errorf("%q, %v", token, err)
	}
}

func TestATokenThatCannotBeRenewedIsUsedToItsEnd(t *testing.T) {
	a, c := newAPI(t)
	issue(a, "first", time.Hour)
	tokens := c.Tokens("default-editor", "kfp")
	if _, err := tokens.Token(); err != nil {
		t.Fatal(err)
	}
	a.refusals[asking] = refusal(http.StatusForbidden, metav1.StatusReasonForbidden, "not any more")
	tokens.renew = time.Now()
	for range 2 {
		if token, err := tokens.Token(); token != "first" || err != nil {
			t.Errorf("%q, %v", token, err)
		}
	}
	if n := a.count(asking); n != 2 {
		t.Errorf("asked %d times", n) // and not at each call
	}
	tokens.dies = time.Now()
	_, err := tokens.Token()
	var problem *handoff.Problem
	if !errors.As(err, &problem) || !strings.Contains(problem.Cause, "may not ask for a token of service account default-editor") {
		t.Errorf("error %v", err)
	}
}

func TestNobodyToAskForAToken(t *testing.T) {
	a, c := newAPI(t)
	a.refusals[asking] = refusal(http.StatusNotFound, metav1.StatusReasonNotFound, "no such account")
	_, err := c.Tokens("default-editor", "kfp").Token()
	var problem *handoff.Problem
	if !errors.As(err, &problem) || !strings.Contains(problem.Remedy, "--service-account") {
		t.Errorf("error %v", err)
	}
}
