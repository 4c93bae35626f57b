//go:build e2e

package e2e

import (
	"testing"
	"time"
)

// soon is how long a failure may take that is knowable at once; it allows for a pod's start.
const soon = 60 * time.Second

// expectCleanFailure is expect, and nothing of ours is left in the namespace.
func (o outcome) expectCleanFailure(t *testing.T, namespace string, code int, words ...string) {
	t.Helper()
	o.expect(t, code, words...)
	if o.took > soon {
		t.Errorf("it took %s to say so", o.took)
	}
	eventually(t, soon, "nothing labelled as ours", func() (bool, string) {
		left := kubectl(t, "get", "jobs,pods,configmaps", "-n", namespace, "-o", "name",
			"-l", "app.kubernetes.io/managed-by=kubectl-kfpperf")
		return left == "", left
	})
}

// nothingIsLeft waits for the promise that 90 s after the collection of a run nothing with our label
// is in the namespace.
func nothingIsLeft(t *testing.T, namespace, runID string) {
	t.Helper()
	eventually(t, 90*time.Second, "nothing labelled as ours", func() (bool, string) {
		left := kubectl(t, "get", "jobs,pods,configmaps", "-n", namespace, "-o", "name", "-l", "kfpperf.io/run="+runID)
		return left == "", left
	})
}
