package conformance

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

func TestSandboxIsAKFPServer(t *testing.T) {
	// Time runs sixty times as fast, so that no run is waited for.
	server := httptest.NewServer(sandbox.New(sandbox.Options{Speed: 60}))
	t.Cleanup(server.Close)
	Run(t, Server{URL: server.URL, Patience: 10 * time.Second, Poll: 5 * time.Millisecond})
}
