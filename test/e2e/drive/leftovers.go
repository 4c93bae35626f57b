package drive

import (
	"testing"
	"time"
)

// Soon is how long a failure may take that is knowable at once; it allows for a pod's start.
const Soon = 60 * time.Second

// ExpectCleanFailure is Expect, and nothing of ours is left in the namespace.
func (o Outcome) ExpectCleanFailure(t *testing.T, namespace string, code int, words ...string) {
	t.Helper()
	o.Expect(t, code, words...)
	if o.Took > Soon {
		t.Errorf("it took %s to say so", o.Took)
	}
	Eventually(t, Soon, "nothing labelled as ours", func() (bool, string) {
		left := Kubectl(t, "get", "jobs,pods,configmaps", "-n", namespace, "-o", "name",
			"-l", "app.kubernetes.io/managed-by=kubectl-kfpperf")
		return left == "", left
	})
}

// NothingIsLeft waits for the promise that 90 s after the collection of a run nothing with our label
// is in the namespace.
func NothingIsLeft(t *testing.T, namespace, runID string) {
	t.Helper()
	Eventually(t, 90*time.Second, "nothing labelled as ours", func() (bool, string) {
		left := Kubectl(t, "get", "jobs,pods,configmaps", "-n", namespace, "-o", "name", "-l", "kfpperf.io/run="+runID)
		return left == "", left
	})
}

// KFPGet asks a single-user KFP, without the product's client, through the API server's proxy.
func KFPGet(t *testing.T, path string) string {
	t.Helper()
	return Kubectl(t, "get", "--raw", "/api/v1/namespaces/"+KFPNamespace+"/services/http:ml-pipeline:8888/proxy"+path)
}
