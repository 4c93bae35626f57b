//go:build e2e

package e2e

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Where the suite's KFP is, and the profile namespaces that the cluster comes with.
const (
	kfpNamespace    = "kubeflow"
	userNamespace   = "kubeflow-user"
	secondNamespace = "kubeflow-user2"
)

// image is the product's image, as the cluster can pull it.
func image(t *testing.T) string {
	t.Helper()
	name := os.Getenv("KFPPERF_E2E_IMAGE")
	if name == "" {
		t.Fatal("KFPPERF_E2E_IMAGE is not set; run this suite by make e2e")
	}
	return name
}

// needsOwnCluster skips a test that changes what only the cluster of test/cluster lets it change.
func needsOwnCluster(t *testing.T) {
	t.Helper()
	if os.Getenv("KFPPERF_E2E_KUBECONFIG") != "" {
		t.Skip("changes KFP's server or the node, which only the cluster of test/cluster is for")
	}
}

// kubectl runs the real kubectl and returns its standard output; any failure ends the test.
func kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return kubectlWithInput(t, "", args...)
}

// apply gives manifests to kubectl apply.
func apply(t *testing.T, manifests string) {
	t.Helper()
	kubectlWithInput(t, manifests, "apply", "-f", "-")
}

func kubectlWithInput(t *testing.T, input string, args ...string) string {
	t.Helper()
	command := exec.Command("kubectl", args...)
	command.Stdin = strings.NewReader(input)
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("kubectl %s: %v: %s", strings.Join(args, " "), err, stderr.String())
	}
	return string(output)
}

// newNamespace makes a namespace under restricted pod security that ends with the test.
func newNamespace(t *testing.T) string {
	t.Helper()
	name := "kfpperf-e2e-" + strings.ToLower(rand.Text()[:8])
	kubectl(t, "create", "namespace", name)
	t.Cleanup(func() { kubectl(t, "delete", "namespace", name, "--wait=false") })
	kubectl(t, "label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted",
		"app.kubernetes.io/part-of=kubeflow-profile")
	eventually(t, soon, "the service account default is there", func() (bool, string) {
		made := kubectl(t, "get", "serviceaccounts", "-n", name, "-o", "name")
		return strings.Contains(made, "/default"), made
	})
	return name
}

// eventually waits until the condition holds, or fails the test with what it said last.
func eventually(t *testing.T, within time.Duration, what string, holds func() (bool, string)) {
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

// kfpURL serves KFP's API on loopback until the test ends.
func kfpURL(t *testing.T) string {
	t.Helper()
	url, stop := proxied(t)
	t.Cleanup(stop)
	return url
}

// proxied serves KFP's API on loopback, through the API server's proxy, until it is stopped.
func proxied(t *testing.T) (url string, stop func()) {
	t.Helper()
	proxy := exec.Command("kubectl", "proxy", "--port=0")
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
	return fmt.Sprintf("http://%s/api/v1/namespaces/%s/services/http:ml-pipeline:8888/proxy", address, kfpNamespace), stop
}

// scenarioFile writes a scenario into a folder of the test's own.
func scenarioFile(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// beside copies a pipeline of testdata into the scenario's folder.
func beside(t *testing.T, scenario, pipeline string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", pipeline))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(scenario), pipeline), content, 0o600); err != nil {
		t.Fatal(err)
	}
}
