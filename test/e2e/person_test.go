//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// kubeconfigOf returns a kubeconfig with nothing but a token of a service account, which stands for a person: what it
// may do is what was granted to it.
func kubeconfigOf(t *testing.T, namespace, account string) string {
	t.Helper()
	token := strings.TrimSpace(kubectl(t, "create", "token", account, "-n", namespace))
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, []byte(kubectl(t, "config", "view", "--raw", "--flatten", "--minify")), 0o600); err != nil {
		t.Fatal(err)
	}
	kubectl(t, "config", "set-credentials", account, "--token", token, "--kubeconfig", file)
	kubectl(t, "config", "set-context", "--current", "--user", account, "--kubeconfig", file)
	return file
}

// person returns a kubeconfig of somebody who may do in a namespace what `kubectl kfpperf rbac` grants and nothing
// anywhere else. What was granted goes with the test.
func person(t *testing.T, namespace string, flags ...string) string {
	t.Helper()
	home := newNamespace(t)
	kubectl(t, "create", "serviceaccount", "jane", "-n", home)
	granted := kfpperf(t, append([]string{"rbac", "-n", namespace, "--service-account", home + ":jane"}, flags...)...)
	granted.expect(t, exitDone)
	apply(t, granted.stdout)
	t.Cleanup(func() { kubectlWithInput(t, granted.stdout, "delete", "--ignore-not-found", "-f", "-") })
	return kubeconfigOf(t, home, "jane")
}
