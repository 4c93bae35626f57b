package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// tokenLife is how long a token is asked for, in seconds; the API server may decide otherwise.
const tokenLife = 3600

// retry is the time between two tries to renew a token that still lives.
const retry = 30 * time.Second

// Tokens are those of one service account for one audience, as the Kubernetes API issues them: each is kept in
// memory, and replaced when half of its life is over. It is safe for concurrent use.
type Tokens struct {
	cluster           *Cluster
	account, audience string

	mu    sync.Mutex
	token string
	// renew is when the next one is due, dies when this one ends.
	renew, dies time.Time
}

// Tokens returns the tokens of a service account; of the one that a run would have when account is empty.
// Nothing is asked yet.
func (c *Cluster) Tokens(account, audience string) *Tokens {
	return &Tokens{cluster: c, account: account, audience: audience}
}

// Token returns a token that is valid now. Its error is a *handoff.Problem. One that cannot be renewed is used as long
// as it lives.
func (t *Tokens) Token() (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := time.Now(); now.Before(t.renew) && now.Before(t.dies) {
		return t.token, nil
	}
	if err := t.ask(); err != nil && !time.Now().Before(t.dies) {
		return "", err
	}
	return t.token, nil
}

// ask gets the next token. After a failure there is a pause, as long as there is another one.
func (t *Tokens) ask() error {
	ctx, cancel := context.WithTimeout(context.Background(), request)
	defer cancel()
	if t.account == "" {
		account, err := t.cluster.ServiceAccount(ctx)
		if err != nil {
			return err
		}
		t.account = account
	}
	life := int64(tokenLife)
	asked := time.Now()
	issued, err := t.cluster.client.CoreV1().ServiceAccounts(t.cluster.namespace).CreateToken(ctx, t.account, &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{Audiences: []string{t.audience}, ExpirationSeconds: &life},
	}, metav1.CreateOptions{})
	if err != nil {
		t.renew = asked.Add(retry)
		return t.refused(err)
	}
	t.token, t.dies = issued.Status.Token, issued.Status.ExpirationTimestamp.Time
	t.renew = asked.Add(t.dies.Sub(asked) / 2)
	return nil
}

// refused explains why there is no token.
func (t *Tokens) refused(err error) error {
	what := fmt.Sprintf("a token of service account %s in namespace %s", t.account, t.cluster.namespace)
	switch {
	case apierrors.IsForbidden(err):
		return &handoff.Problem{
			Cause: "you may not ask for " + what, Evidence: err.Error(),
			Remedy: "Ask for the right to create serviceaccounts/token there, or name a file with a token by --token-file.",
		}
	case apierrors.IsNotFound(err):
		return &handoff.Problem{
			Cause: "there is nobody to ask for " + what, Evidence: err.Error(),
			Remedy: "Name an account that exists with --service-account, or its namespace with -n.",
		}
	}
	return t.cluster.unreachable(err)
}
