package drive

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Where the suites' KFP is, and the profile namespaces that the cluster comes with.
const (
	KFPNamespace    = "kubeflow"
	UserNamespace   = "kubeflow-user"
	SecondNamespace = "kubeflow-user2"
)

// Image is the product's image, as the cluster can pull it.
func Image(t *testing.T) string {
	t.Helper()
	name := os.Getenv("KFPPERF_E2E_IMAGE")
	if name == "" {
		t.Fatal("KFPPERF_E2E_IMAGE is not set; run this suite by make e2e")
	}
	return name
}

// NeedsOwnCluster skips a test that changes what only the cluster of test/cluster lets it change.
func NeedsOwnCluster(t *testing.T) {
	t.Helper()
	if os.Getenv("KFPPERF_E2E_KUBECONFIG") != "" {
		t.Skip("changes KFP's server or the node, which only the cluster of test/cluster is for")
	}
}

// Kubectl runs the real kubectl and returns its standard output; any failure ends the test.
func Kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return KubectlWithInput(t, "", args...)
}

// Apply gives manifests to kubectl apply.
func Apply(t *testing.T, manifests string) {
	t.Helper()
	KubectlWithInput(t, manifests, "apply", "-f", "-")
}

// KubectlWithInput is Kubectl with something to read.
func KubectlWithInput(t *testing.T, input string, args ...string) string {
	t.Helper()
	output, err := TryKubectl(input, args...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// TryKubectl is for what may fail, such as a question to an API server that is away.
func TryKubectl(input string, args ...string) (string, error) {
	// What a test cleans up it does when its own context has ended.
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "kubectl", args...)
	command.Stdin = strings.NewReader(input)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return string(output), nil
}

// NewNamespace makes a namespace under restricted pod security that ends with the test.
func NewNamespace(t *testing.T) string {
	t.Helper()
	name := "kfpperf-e2e-" + strings.ToLower(rand.Text()[:8])
	Kubectl(t, "create", "namespace", name)
	t.Cleanup(func() { Kubectl(t, "delete", "namespace", name, "--wait=false") })
	Kubectl(t, "label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted",
		"app.kubernetes.io/part-of=kubeflow-profile")
	Eventually(t, Soon, "the service account default is there", func() (bool, string) {
		made := Kubectl(t, "get", "serviceaccounts", "-n", name, "-o", "name")
		return strings.Contains(made, "/default"), made
	})
	return name
}

// Eventually waits until the condition holds, or fails the test with what it said last.
func Eventually(t *testing.T, within time.Duration, what string, holds func() (bool, string)) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(time.Second) {
		var ok bool
		if ok, last = holds(); ok {
			return
		}
	}
	t.Fatalf("not within %s: %s; last seen: %s", within, what, last)
}

// KFPURL serves KFP's API on loopback until the test ends.
func KFPURL(t *testing.T) string {
	t.Helper()
	url, stop := Proxied(t)
	t.Cleanup(stop)
	return url
}

// Proxied serves KFP's API on loopback, through the API server's proxy, until it is stopped.
func Proxied(t *testing.T) (url string, stop func()) {
	t.Helper()
	proxy := exec.CommandContext(context.Background(), "kubectl", "proxy", "--port=0")
	stdout, err := proxy.StdoutPipe()
	if err == nil {
		err = proxy.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	stop = func() {
		_ = proxy.Process.Kill()
		_ = proxy.Wait() // killed on purpose
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSpace(line), "Starting to serve on ")
	if err != nil || !found {
		stop()
		t.Fatalf("kubectl proxy said %q: %v", line, err)
	}
	return fmt.Sprintf("http://%s/api/v1/namespaces/%s/services/http:ml-pipeline:8888/proxy", address, KFPNamespace), stop
}

// ScenarioFile writes a scenario into a folder of the test's own.
func ScenarioFile(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
