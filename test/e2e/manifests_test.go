//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestManifestsAreTaken has the API server judge what `kubectl apply -k` would send. Whether a NetworkPolicy is enforced
// is up to the cluster's network, and that of test/cluster enforces none.
func TestManifestsAreTaken(t *testing.T) {
	for folder, kinds := range map[string][]string{
		"single-user":    {"role", "rolebinding", "serviceaccount/kfpperf"},
		"multi-user":     {"role", "rolebinding", "serviceaccount/kfpperf", "kfpperf-runner"},
		"network-policy": {"networkpolicy"},
		"observer":       {"clusterrole"},
	} {
		taken := drive.Kubectl(t, "apply", "--dry-run=server", "-k", filepath.Join("..", "..", "manifests", folder))
		for _, kind := range kinds {
			if !strings.Contains(taken, kind) {
				t.Errorf("%s: no %s in %s", folder, kind, taken)
			}
		}
	}
	policy := drive.Kfpperf(t, "rbac", "-n", drive.UserNamespace, "--network-policy")
	policy.Expect(t, drive.ExitDone)
	if taken := drive.KubectlWithInput(t, policy.Stdout, "apply", "--dry-run=server", "-f", "-"); !strings.Contains(taken, "networkpolicy.networking.k8s.io/kfpperf") {
		t.Errorf("taken: %s", taken)
	}
}
