//go:build e2e && !multiuser

package e2e

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/conformance"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestConformanceOfTheRealServer(t *testing.T) {
	conformance.Run(t, conformance.Server{URL: drive.KFPURL(t), Patience: time.Minute, Poll: 200 * time.Millisecond})
}
