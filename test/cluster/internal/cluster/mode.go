package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// Mode says whom KFP's server knows.
type Mode bool

const (
	// SingleUser takes everybody for the same, and runs everything in KFP's own namespace.
	SingleUser Mode = false
	// MultiUser asks who calls and what they may, and runs things in the namespaces of profiles.
	MultiUser Mode = true
)

func (m Mode) String() string {
	if m == MultiUser {
		return "multi-user"
	}
	return "single-user"
}

// switchTo makes the server of a healthy cluster one of the mode, unless it is one.
func (l Layout) switchTo(ctx context.Context, builds map[string]string, mode Mode, say progress.Printer) error {
	kubectl := l.kubectl(builds)
	waiting := &supervisor{} // the daemons are another up's, and were looked at a moment ago
	stopped := check{"the end of a former ml-pipeline", kubectl.formerStopped}
	if err := waiting.await(ctx, stopped.what, stopped.pass); err != nil {
		return err
	}
	url, err := kubectl.health(ctx)
	if err != nil {
		return err
	}
	if serving, err := modeAt(ctx, url); err != nil || serving == mode {
		return err
	}
	if err := l.applyKFP(ctx, kubectl, builds, mode); err != nil {
		return err
	}
	say.Printf("the manifests of a %s KFP are applied", mode)
	for _, check := range []check{{"ml-pipeline", kubectl.rolledOut("kubeflow", "ml-pipeline")}, stopped, kubectl.serves(mode)} {
		if err := waiting.await(ctx, check.what, check.pass); err != nil {
			return err
		}
	}
	say.Printf("KFP's server is a %s one", mode)
	return nil
}

// formerStopped checks that no pod of KFP's server is being stopped: a rollout is over before they are gone.
func (k kubectl) formerStopped(ctx context.Context) error {
	pods, err := k.run(ctx, nil, "--namespace=kubeflow", "get", "pods", "--selector=app=ml-pipeline",
		"--output=jsonpath={.items[?(@.metadata.deletionTimestamp)].metadata.name}")
	if err != nil {
		return err
	}
	if pods != "" {
		return fmt.Errorf("%s is being stopped", pods)
	}
	return nil
}

// serves checks that KFP's Service leads to a server of the mode. kube-proxy leads each connection to any of the
// pods that it knows of, and learns late that one is gone; many connections in a row do not miss it.
func (k kubectl) serves(mode Mode) check {
	const connections = 10
	return check{"a " + mode.String() + " KFP", func(ctx context.Context) error {
		url, err := k.health(ctx)
		if err != nil {
			return err
		}
		for range connections {
			serving, err := modeAt(ctx, url)
			if err != nil {
				return err
			}
			if serving != mode {
				return fmt.Errorf("a %s server answers", serving)
			}
		}
		return nil
	}}
}

// health is where KFP tells of its health to a client on this machine: at the address of its Service, which
// kube-proxy translates.
func (k kubectl) health(ctx context.Context) (string, error) {
	ip, err := k.run(ctx, nil, "--namespace=kubeflow", "get", "service", "ml-pipeline", "--output=jsonpath={.spec.clusterIP}")
	if err != nil {
		return "", err
	}
	return "http://" + strings.TrimSpace(ip) + ":8888/apis/v2beta1/healthz", nil
}

// modeAt asks for the mode of a server, over a connection that is used only once.
func modeAt(ctx context.Context, url string) (Mode, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return SingleUser, err
	}
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return SingleUser, err
	}
	defer func() { _ = response.Body.Close() }() // only read
	if response.StatusCode != http.StatusOK {
		return SingleUser, fmt.Errorf("%s: %s", url, response.Status)
	}
	var health struct {
		MultiUser bool `json:"multi_user"`
	}
	if err := json.NewDecoder(response.Body).Decode(&health); err != nil {
		return SingleUser, fmt.Errorf("reading %s: %w", url, err)
	}
	return Mode(health.MultiUser), nil
}
