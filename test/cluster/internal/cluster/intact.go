package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
)

// unhurt lists what a test may have changed and, killed in the middle, not put back, though all that is there is
// ready: a kubelet with other settings, a node that takes no pods, a deployment that is to have none.
func (k kubectl) unhurt() []check {
	return []check{
		{"the kubelet's settings", func(context.Context) error { return k.layout.kubeletAsUsual() }},
		{"a node that takes pods", func(ctx context.Context) error {
			cordoned, err := k.run(ctx, nil, "get", "node", nodeName, "--output=jsonpath={.spec.unschedulable}")
			if err == nil && cordoned != "" {
				err = errors.New("it is cordoned")
			}
			return err
		}},
		{"pods of every deployment", func(ctx context.Context) error {
			replicas, err := k.run(ctx, nil, "--namespace=kubeflow", "get", "deployments",
				`--output=jsonpath={range .items[*]}{.metadata.name} {.spec.replicas}{"\n"}{end}`)
			if err != nil {
				return err
			}
			return scaled(replicas)
		}},
	}
}

// scaled refuses a list of deployments and their replicas in which one is to have none.
func scaled(list string) error {
	for line := range strings.Lines(list) {
		if name, replicas, _ := strings.Cut(strings.TrimSpace(line), " "); replicas == "0" {
			return fmt.Errorf("%s is scaled to 0", name)
		}
	}
	return nil
}

// kubeletAsUsual checks that the kubelet was started with the settings of an up.
func (l Layout) kubeletAsUsual() error {
	want, err := l.values().render("kubelet.yaml")
	if err != nil {
		return err
	}
	got, err := os.ReadFile(l.state("kubelet.yaml"))
	if err == nil && !bytes.Equal(got, want) {
		err = errors.New("they are not those of an up")
	}
	return err
}
