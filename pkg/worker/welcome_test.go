package worker

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// refusedWith returns what a server that answers so makes of a caller.
func refusedWith(t *testing.T, caller kfp.Caller, status int) *handoff.Problem {
	t.Helper()
	client, err := kfp.New(kfp.Config{BaseURL: serverURL, Transport: answering(status)})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = client.FindRunByName(t.Context(), "team", "r")
	return unwelcome(caller, "team", err)
}

// answering is a transport on which everything is answered with a status.
type answering int

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: int(a), Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: http.NoBody,
	}, nil
}

func TestWhyKFPDoesNotKnowUsIsToldByWhatWasShown(t *testing.T) {
	past, future := time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	account := "system:serviceaccount:team:loader"
	for name, test := range map[string]struct {
		caller        kfp.Caller
		cause, remedy string
	}{
		"nothing":          {kfp.Caller{}, "was not told who calls", "--auth"},
		"a header":         {kfp.Caller{User: "jane", Header: "kubeflow-userid"}, "no notice of the header kubeflow-userid: it wants a token", "--kfp-user-header"},
		"another audience": {kfp.Caller{Token: true, Subject: account, Audiences: []string{"vault"}, Expires: future}, "a token of audience vault", "--token-audience"},
		"an old token":     {kfp.Caller{Token: true, Subject: account, Audiences: []string{handoff.TokenAudience}, Expires: past}, "the token of " + account + " expired at", "Renew"},
		"a good token":     {kfp.Caller{Token: true, Subject: account, Audiences: []string{handoff.TokenAudience}, Expires: future}, "does not accept the token of " + account, "--token-audience"},
		"an opaque token":  {kfp.Caller{Token: true}, "does not accept the token of the holder of a token", handoff.TokenAudience},
	} {
		problem := refusedWith(t, test.caller, http.StatusUnauthorized)
		if problem == nil || !strings.Contains(problem.Cause, test.cause) || !strings.Contains(problem.Remedy, test.remedy) || problem.Evidence == "" {
			t.Errorf("%s: %+v", name, problem)
		}
	}
}

func TestWhoMayNotIsNamed(t *testing.T) {
	problem := refusedWith(t, kfp.Caller{Token: true, Subject: "system:serviceaccount:team:loader"}, http.StatusForbidden)
	if !strings.HasPrefix(problem.Cause, "system:serviceaccount:team:loader may not use KFP in namespace team") || !strings.Contains(problem.Remedy, "kubeflow-edit") {
		t.Errorf("%+v", problem)
	}
	problem = refusedWith(t, kfp.Caller{User: "jane", Header: "kubeflow-userid"}, http.StatusForbidden)
	if !strings.HasPrefix(problem.Cause, "jane may not") || !strings.Contains(problem.Remedy, "--kfp-user") {
		t.Errorf("%+v", problem)
	}
	if problem := refusedWith(t, kfp.Caller{}, http.StatusInternalServerError); problem != nil {
		t.Errorf("a server in trouble is taken for %+v", problem)
	}
}

// shown runs a scenario on a server and returns what was shown to it.
func shown(t *testing.T, o sandbox.Options, auth handoff.Auth, token func() (string, error)) (who []string, err error) {
	t.Helper()
	stand := newStand(t, o)
	client, err := kfp.New(kfp.Config{BaseURL: serverURL, Token: token, Transport: witness{inprocess.Transport{Handler: stand}, &who}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Run(t.Context(), Options{
		RunID: "r", Document: &scenario.Document{Name: "s", Entries: []scenario.Entry{{Mode: scenario.RandomGets, RunTime: scenario.Duration(time.Second), NumTimes: 1}}},
		Client: client, URL: serverURL, Namespace: "team", Auth: auth,
	})
	return who, err
}

// witness notes who called, but for healthz and /metrics.
type witness struct {
	http.RoundTripper
	seen *[]string
}

func (w witness) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/healthz") && r.URL.Path != "/metrics" {
		*w.seen = append(*w.seen, r.Header.Get("Authorization"))
	}
	return w.RoundTripper.RoundTrip(r)
}

func TestATokenIsShownWhereItIsWanted(t *testing.T) {
	users := sandbox.Options{MultiUser: true, Tokens: map[string][]string{"secret": {"team"}}}
	secret := func() (string, error) { return "secret", nil }
	none := func() (string, error) { return "", errors.New("there is none") }
	for name, test := range map[string]struct {
		server sandbox.Options
		auth   handoff.Auth
		token  func() (string, error)
		shown  string
		fails  string
	}{
		"auto, single-user":        {sandbox.Options{}, handoff.AuthAuto, none, "", ""},
		"auto, multi-user":         {users, handoff.AuthAuto, secret, "Bearer secret", ""},
		"auto, multi-user, none":   {users, handoff.AuthAuto, none, "", "there is no token"},
		"token, single-user":       {sandbox.Options{}, handoff.AuthToken, secret, "Bearer secret", ""},
		"token, single-user, none": {sandbox.Options{}, handoff.AuthToken, none, "", "there is no token"},
		"none, multi-user":         {users, handoff.AuthNone, nil, "", "was not told who calls"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				who, err := shown(t, test.server, test.auth, test.token)
				if (err != nil) != (test.fails != "") || err != nil && !strings.Contains(err.Error(), test.fails) {
					t.Errorf("error %v", err)
				}
				for _, header := range who {
					if header != test.shown {
						t.Errorf("shown %q", who)
						break
					}
				}
			})
		})
	}
}
