package cli

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// startSandbox serves a sandbox whose time runs 60 times as fast, until the test ends, and returns its URL.
func startSandbox(t *testing.T) string {
	t.Helper()
	started := time.Now()
	server := httptest.NewServer(sandbox.New(sandbox.Options{
		Now: func() time.Time { return started.Add(60 * time.Since(started)) },
	}))
	t.Cleanup(server.Close)
	return server.URL
}
