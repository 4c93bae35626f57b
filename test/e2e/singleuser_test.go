//go:build e2e && !multiuser

package e2e

import (
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// kfpGet asks KFP's server, which in single-user mode takes everybody for the same.
func kfpGet(t *testing.T, path string) string {
	t.Helper()
	return drive.KFPGet(t, path)
}
