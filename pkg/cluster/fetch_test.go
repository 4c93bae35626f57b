package cluster

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// large is a result that takes several frames.
func large(t *testing.T) ([]byte, handoff.Parcel) {
	t.Helper()
	content := make([]byte, 100_000)
	_, _ = rand.NewChaCha8([32]byte{2}).Read(content) // never fails
	parcel, err := handoff.NewParcel(content)
	if err != nil {
		t.Fatal(err)
	}
	return content, parcel
}

// holding is a pod whose results container holds a result until it is asked to print it.
func holding(a *api) {
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}}
}

func TestALargeResultIsFetchedInRanges(t *testing.T) {
	a, c := newAPI(t)
	holding(a)
	content, parcel := large(t)
	_, record := shipment(t, content)
	var asked []string
	c.exec = func(_ context.Context, namespace, pod, container string, command []string, stdout io.Writer) error {
		asked = append(asked, strings.Join(append([]string{namespace, pod, container}, command...), " "))
		var frames bytes.Buffer
		switch len(asked) {
		case 1:
			return errors.New("no result is held here")
		case 2: // breaks in the middle of a frame
			_ = parcel.WriteFrames(&frames, 0)
			_, _ = stdout.Write(frames.Bytes()[:30_000])
			return errors.New("connection lost")
		}
		_ = parcel.WriteFrames(&frames, 2)
		_, _ = stdout.Write(frames.Bytes())
		a.mu.Lock()
		defer a.mu.Unlock()
		a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}, {podIn("p", isOver(""), isOver(record))}}
		return nil
	}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || !bytes.Equal(got.Content, content) || got.Commit.Verdict != "passed" {
		t.Fatalf("%d bytes, %+v, %v", len(got.Content), got.Commit, err)
	}
	want := []string{"--from=0", "--from=0", "--from=2"}
	for i, from := range want {
		if len(asked) != len(want) || asked[i] != "ns p results /kubectl-kfpperf worker frames "+from {
			t.Fatalf("executed %q", asked)
		}
	}
	if body := a.bodies["PATCH pods/p"]; body != `{"metadata":{"annotations":{"kfpperf.io/collect":"print"}}}` {
		t.Errorf("the pod is not told that it may end: %q", body)
	}
	if a.count("GET pods/p/log") != 0 {
		t.Error("what was fetched is read again")
	}
}

func TestWhatWasFetchedIsEnoughWhenThePodIsGone(t *testing.T) {
	a, c := newAPI(t)
	holding(a)
	content, parcel := large(t)
	c.exec = func(_ context.Context, _, _, _ string, _ []string, stdout io.Writer) error {
		_ = parcel.WriteFrames(stdout, 0)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.pods = [][]corev1.Pod{nil}
		return nil
	}
	got, err := c.Collect(t.Context(), "r")
	if err != nil || !bytes.Equal(got.Content, content) || got.Commit.SHA256 != handoff.Sum(content) {
		t.Errorf("%d bytes, %+v, %v", len(got.Content), got.Commit, err)
	}
}

func TestWhoMayNotExecAsksForTheLog(t *testing.T) {
	a, c := newAPI(t)
	holding(a)
	a.denied = []string{"create pods/exec"}
	log, record := shipment(t, []byte(`{}`))
	a.logs[handoff.ResultsContainer] = []string{log}
	c.exec = func(context.Context, string, string, string, []string, io.Writer) error {
		t.Error("executed without the right to")
		return nil
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		for a.count("PATCH pods/p") == 0 {
			time.Sleep(time.Millisecond)
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isOver(record))}}
	}()
	got, err := c.Collect(t.Context(), "r")
	<-asked
	if err != nil || string(got.Content) != `{}` || a.count("PATCH pods/p") != 1 {
		t.Errorf("%s, %v, asked %d times", got.Content, err, a.count("PATCH pods/p"))
	}
}

func TestAStreamThatStallsIsGivenUp(t *testing.T) {
	a, c := newAPI(t)
	holding(a)
	c.stall = 5 * time.Millisecond
	content, parcel := large(t)
	_, record := shipment(t, content)
	calls := 0
	c.exec = func(ctx context.Context, _, _, _ string, _ []string, stdout io.Writer) error {
		if calls++; calls == 1 {
			<-ctx.Done()
			return ctx.Err()
		}
		_ = parcel.WriteFrames(stdout, 0)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isOver(record))}}
		return nil
	}
	if got, err := c.Collect(t.Context(), "r"); err != nil || !bytes.Equal(got.Content, content) || calls != 2 {
		t.Errorf("%d bytes, %v, %d calls", len(got.Content), err, calls)
	}
}
