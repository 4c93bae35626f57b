package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// checkReachable is the name of the check whether KFP answers.
const checkReachable = "KFP reachable"

// glance is how long a look through the Kubernetes API may take: it is of use, and no run waits for it.
const glance = 3 * time.Second

// service is a Service of Kubernetes' that a URL names.
type service struct{ scheme, name, namespace, port string }

// ServiceHost returns the name and the namespace of the Service that a host such as ml-pipeline.kubeflow.svc is, with
// the cluster's domain or without; false for another host.
func ServiceHost(host string) (name, namespace string, found bool) {
	labels := strings.Split(host, ".")
	if len(labels) < 3 || labels[2] != "svc" {
		return "", "", false
	}
	return labels[0], labels[1], true
}

// serviceOf returns the Service behind a URL such as http://ml-pipeline.kubeflow.svc:8888; false for another URL, and
// for one with a path.
func serviceOf(address string) (service, bool) {
	parsed, err := url.Parse(address)
	if err != nil || strings.Trim(parsed.Path, "/") != "" {
		return service{}, false
	}
	name, namespace, found := ServiceHost(parsed.Hostname())
	if !found {
		return service{}, false
	}
	port := parsed.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[parsed.Scheme]
	}
	return service{parsed.Scheme, name, namespace, port}, true
}

// Glance asks KFP for its health by way of the Kubernetes API, where the user may use Services so and KFP's URL
// names one: without a pod, and without an identity. That it answers there does not prove that a pod reaches it;
// that is what a probe is for.
func (c *Cluster) Glance(ctx context.Context, address string) (handoff.Check, Tenancy) {
	const remedy = "Add --probe: a short Job looks from inside the cluster."
	s, known := serviceOf(address)
	if !known {
		return handoff.Doubt(checkReachable, "only the cluster can tell whether it reaches "+address, remedy), TenancyUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()
	answer, err := c.client.CoreV1().Services(s.namespace).
		ProxyGet(s.scheme, s.name, s.port, "/apis/v2beta1/healthz", nil).DoRaw(ctx)
	var told struct {
		MultiUser *bool  `json:"multi_user"`
		Version   string `json:"tag_name"`
	}
	switch {
	case apierrors.IsForbidden(err):
		return handoff.Doubt(checkReachable, "only the cluster can tell, and you may not look through the Kubernetes API", remedy), TenancyUnknown
	case apierrors.IsNotFound(err): // the Service, or what it answers: this client cannot tell which
		return handoff.Doubt(checkReachable, fmt.Sprintf("there is no Service %s in namespace %s, or it is no KFP API server", s.name, s.namespace),
			"See that --kfp-url names KFP's API server; --probe tells what a pod finds there."), TenancyUnknown
	case err == nil && json.Unmarshal(answer, &told) == nil && told.MultiUser != nil:
		mode, tenancy := "single-user", SingleUser
		if *told.MultiUser {
			mode, tenancy = "multi-user", MultiUser
		}
		if told.Version == "unknown" {
			told.Version = ""
		}
		return handoff.Pass(checkReachable, strings.Join(strings.Fields("KFP "+told.Version+" "+mode), " ")+", seen through the Kubernetes API"), tenancy
	case err == nil:
		err = errors.New("the answer is not what KFP's healthz says")
	}
	return handoff.Doubt(checkReachable, "it does not answer through the Kubernetes API: "+err.Error(), remedy), TenancyUnknown
}
