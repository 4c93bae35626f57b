package drive

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// KubeconfigOf returns a kubeconfig with nothing but a token of a service account, which stands for a person: what it
// may do is what was granted to it.
func KubeconfigOf(t *testing.T, namespace, account string) string {
	t.Helper()
	token := strings.TrimSpace(Kubectl(t, "create", "token", account, "-n", namespace))
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(file, []byte(Kubectl(t, "config", "view", "--raw", "--flatten", "--minify")), 0o600); err != nil {
		t.Fatal(err)
	}
	Kubectl(t, "config", "set-credentials", account, "--token", token, "--kubeconfig", file)
	Kubectl(t, "config", "set-context", "--current", "--user", account, "--kubeconfig", file)
	return file
}

// Person returns a kubeconfig of somebody who may do in a namespace what `kubectl kfpperf rbac` grants and nothing
// anywhere else. What was granted goes with the test.
func Person(t *testing.T, namespace string, flags ...string) string {
	t.Helper()
	home := NewNamespace(t)
	Kubectl(t, "create", "serviceaccount", "jane", "-n", home)
	granted := Kfpperf(t, append([]string{"rbac", "-n", namespace, "--service-account", home + ":jane"}, flags...)...)
	granted.Expect(t, ExitDone)
	Apply(t, granted.Stdout)
	t.Cleanup(func() { KubectlWithInput(t, granted.Stdout, "delete", "--ignore-not-found", "-f", "-") })
	return KubeconfigOf(t, home, "jane")
}
