package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Env is the line for a shell that makes it talk to the running cluster.
func Env(ctx context.Context, layout Layout) (string, error) {
	cluster, err := layout.running()
	if err != nil {
		return "", errors.New("no cluster is up")
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := layout.kubectl(cluster.Builds).serving(ctx); err != nil {
		return "", fmt.Errorf("the cluster does not answer: %w", err)
	}
	return fmt.Sprintf("export KUBECONFIG=%s PATH=%s:$PATH", layout.kubeconfig(), cluster.Builds["kubernetes"]), nil
}
