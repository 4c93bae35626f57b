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
	now := time.Now()
	lives := now.Before(t.dies)
	if lives && now.Before(t.renew) {
		return t.token, nil
	}
	if lives { // one caller renews it, and the others need not wait
		old := t.token
		t.renew = now.Add(retry)
		t.mu.Unlock()
		fresh, err := t.ask()
		t.mu.Lock()
		if err != nil {
			return old, nil //nolint:nilerr // it lives, and is renewed later
		}
		t.take(fresh)
		return t.token, nil
	}
	fresh, err := t.ask()
	if err != nil {
		return "", err
	}
	t.take(fresh)
	return t.token, nil
}

// issued is a token, and how long it lives from when it was asked for. The end of its life by the API server's clock
// says nothing by ours.
type issued struct {
	token string
	asked time.Time
	life  time.Duration
}

// take replaces the token. The lock is held.
func (t *Tokens) take(i issued) {
	t.token, t.dies, t.renew = i.token, i.asked.Add(i.life), i.asked.Add(i.life/2)
}

// ask gets the next token.
func (t *Tokens) ask() (issued, error) {
	ctx, cancel := context.WithTimeout(context.Background(), request)
	defer cancel()
	account := t.account
	if account == "" {
		found, err := t.cluster.ServiceAccount(ctx)
		if err != nil {
			return issued{}, err
		}
		account = found
	}
	life, asked := int64(tokenLife), time.Now()
	answer, err := t.cluster.client.CoreV1().ServiceAccounts(t.cluster.namespace).CreateToken(ctx, account, &authenticationv1.TokenRequest{
		Spec: authenticationv1.TokenRequestSpec{Audiences: []string{t.audience}, ExpirationSeconds: &life},
	}, metav1.CreateOptions{})
	if err != nil {
		return issued{}, t.refused(account, err)
	}
	if granted := answer.Spec.ExpirationSeconds; granted != nil && *granted > 0 {
		life = *granted
	}
	return issued{answer.Status.Token, asked, time.Duration(life) * time.Second}, nil
}

// refused explains why there is no token.
func (t *Tokens) refused(account string, err error) error {
	what := fmt.Sprintf("a token of service account %s in namespace %s", account, t.cluster.namespace)
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
