//go:build e2e && !multiuser

package faults

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/prepared"
)

// preparing is a patch of the pod that puts a runner in the place of ours, which leaves a prepared result.
func preparing(t *testing.T, seed string, size int) (patch string) {
	t.Helper()
	image := os.Getenv("KFPPERF_E2E_PREPARED_IMAGE")
	if image == "" {
		t.Skip("KFPPERF_E2E_PREPARED_IMAGE names no image of prepared-runner; only the cluster of test/cluster is given one")
	}
	patch = filepath.Join(t.TempDir(), "patch.yaml")
	content := fmt.Sprintf(`spec:
  containers:
    - {name: runner, image: %q, command: [/prepared-runner], args: [--seed=%s, --bytes=%d]}
`, image, seed, size)
	if err := os.WriteFile(patch, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return patch
}

// isPrepared compares a result that came home with the one that was prepared.
func isPrepared(t *testing.T, done drive.Outcome, seed string, size int) {
	t.Helper()
	want, err := prepared.Result(done.RunID(t), seed, size)
	if err != nil {
		t.Fatal(err)
	}
	if got := done.File(t); !bytes.Equal(got, want) {
		t.Errorf("%d bytes came home that are not the %d that were prepared", len(got), len(want))
	}
}

// slow passes on no more than a few MB in a second, so that there is a middle of what is read.
type slow struct{ io.ReadCloser }

func (s slow) Read(p []byte) (int, error) {
	time.Sleep(2 * time.Millisecond)
	return s.ReadCloser.Read(p[:min(len(p), 32<<10)])
}

func TestAPIServerKilledWhileALargeResultIsCollected(t *testing.T) {
	f := meet(t, "kube-apiserver killed during collect of 50 MB, back after 5 s")
	collectedAcrossARestart(t, f)
}

// collectedAcrossARestart brings home 50 MB, and has the API server killed and started in the middle of that.
func collectedAcrossARestart(t *testing.T, f *fault) {
	t.Helper()
	const seed, size = "across", 50_000_000 / 4 * 3 // base64 makes 4 bytes of 3
	var once sync.Once
	begun := make(chan struct{})
	kubeconfig := through(t, func(r *http.Request, answer io.ReadCloser) io.ReadCloser {
		if !strings.HasSuffix(r.URL.Path, "/exec") {
			return answer
		}
		once.Do(func() { close(begun) })
		return slow{answer}
	})
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, "smoke-noop.json", "--kubeconfig", kubeconfig, "--pod-patch", preparing(t, seed, size))
	select {
	case <-begun:
	case <-time.After(2 * time.Minute):
		t.Fatalf("nothing was fetched: %s", call.Said())
	}
	time.Sleep(time.Second)
	kill(t, "kube-apiserver")
	time.Sleep(5 * time.Second)
	backAgain(t)
	done := drive.Finish(t, call)
	f.ends(done, namespace, asIfNothingHappened())
	isPrepared(t, done, seed, size)
}
