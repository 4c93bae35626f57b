//go:build e2e && !multiuser

package faults

import (
	"bytes"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// tampering alters one letter of the first frame that passes.
type tampering struct {
	io.ReadCloser
	done bool
}

func (r *tampering) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	const at = 60 // behind a frame's numbers, in its payload
	if n > at && !r.done && !bytes.Contains(p[:at], []byte("\n")) {
		p[at] ^= 1 // another letter or digit, or a sign that is none of base64
		r.done = true
	}
	return n, err
}

func TestResultTamperedWithInTransit(t *testing.T) {
	for _, test := range []struct {
		name, what string
		times      int32
		want       ending
	}{
		{"once", "a result tampered with in transit, twice", 2, asIfNothingHappened()},
		{"always", "a result tampered with in transit, always", 1000, ending{
			code: drive.ExitInvalid, result: none, left: "the Job, on purpose: its result is still there"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := meet(t, test.what)
			var readings atomic.Int32
			kubeconfig := through(t, func(r *http.Request, log io.ReadCloser) io.ReadCloser {
				if isLogOf(r, handoff.ResultsContainer) && readings.Add(1) <= test.times {
					f.strikes()
					return &tampering{ReadCloser: log}
				}
				return log
			})
			namespace := drive.NewNamespace(t)
			call := drive.StartRun(t, namespace, reading(t, 2*time.Second, "5/s"), "--kubeconfig", kubeconfig)
			if test.want.result == none {
				runningPod(t, namespace)
				drive.Eventually(t, drive.Soon, "the result is read", func() (bool, string) { return readings.Load() > 0, "" })
				f.isTold(call, "could not be verified", drive.Soon)
			}
			done := drive.Finish(t, call)
			f.ends(done, namespace, test.want)
			if readings.Load() < 2 {
				t.Errorf("the result was read %d times", readings.Load())
			}
		})
	}
}
