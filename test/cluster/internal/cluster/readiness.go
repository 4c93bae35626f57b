package cluster

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// readiness is the check that a single daemon does its work.
func (k kubectl) readiness(daemon string) func(context.Context) error {
	return map[string]func(context.Context) error{
		"etcd":                    healthy(etcdURL + "/readyz"),
		"containerd":              k.layout.containerdListens,
		"minio":                   listens(minioAddress),
		"kube-apiserver":          k.serving,
		"kube-controller-manager": listens(nodeIP + ":10257"),
		"kube-scheduler":          listens(nodeIP + ":10259"),
		"kubelet":                 k.kubeletWorks,
		"kube-proxy":              listens(nodeIP + ":10256"),
		"mariadb":                 listens(mariadbAddress),
		"metadata":                listens(metadataAddress),
	}[daemon]
}

// kubeletWorks checks that the kubelet serves and that the node is in use again: for a while after a long absence
// pods are still kept away from it.
func (k kubectl) kubeletWorks(ctx context.Context) error {
	for _, check := range []func(context.Context) error{healthy("http://" + nodeIP + ":10248/healthz"), listens(nodeIP + ":10250"), k.nodeReady} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	taints, err := k.run(ctx, nil, "get", "node", nodeName, "--output=jsonpath={.spec.taints[*].key}")
	if err != nil {
		return err
	}
	for _, absence := range []string{"node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready"} {
		if strings.Contains(taints, absence) {
			return fmt.Errorf("the node has the taint %s", absence)
		}
	}
	return nil
}

func (k kubectl) nodeReady(ctx context.Context) error {
	_, err := k.run(ctx, nil, "wait", "--for=condition=Ready", "--timeout=2s", "node/"+nodeName)
	return err
}

// healthy checks that an address answers with 200.
func healthy(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer func() { _ = response.Body.Close() }() // only read
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", url, response.Status)
		}
		return nil
	}
}
