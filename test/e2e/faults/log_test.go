//go:build e2e && !multiuser

package faults

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// cutting ends a log stream in the middle of a line, once some lines are through.
type cutting struct {
	io.ReadCloser
	lines int
	// end is what the reader of the stream is told: that the connection broke, or, by a proxy that knows no better,
	// that this was all.
	end error
}

func (c *cutting) Read(p []byte) (int, error) {
	if c.lines < 0 {
		return 0, c.end
	}
	n, err := c.ReadCloser.Read(p)
	for i := 0; i < n; i++ {
		const middle = 25 // of a line of ours, in bytes
		if c.lines == 0 && i+middle < n && !bytes.Contains(p[i:i+middle], []byte("\n")) {
			c.lines = -1
			return i + middle, nil
		}
		if p[i] == '\n' && c.lines > 0 {
			c.lines--
		}
	}
	return n, err
}

func TestLogStreamCutInTheMiddleOfALine(t *testing.T) {
	f := meet(t, "log stream cut in the middle of a line, six times")
	var streams atomic.Int32
	kubeconfig := through(t, func(r *http.Request, log io.ReadCloser) io.ReadCloser {
		if !isLogOf(r, handoff.RunnerContainer) {
			return log
		}
		n := int(streams.Add(1))
		switch {
		case n > 6:
			return log
		case n%2 == 0:
			return &cutting{log, n, io.EOF}
		}
		return &cutting{log, n, errors.New("the connection broke")}
	})
	namespace := drive.NewNamespace(t)
	done := drive.Run(t, namespace, reading(t, 15*time.Second, "5/s"), "--kubeconfig", kubeconfig)
	f.followed(done, "75/75 done")
	f.ends(done, namespace, asIfNothingHappened())
	if n := streams.Load(); n < 4 {
		t.Errorf("only %d streams: too few were cut to prove anything", n)
	}
	if strings.Contains(done.Stderr, "were lost") {
		t.Error("lines are said to be lost")
	}
}

func TestLogRotatedUnderAChattyRunner(t *testing.T) {
	f := meet(t, "containerLogMaxSize 1Mi and a chatty runner")
	t.Cleanup(func() { daemon(t, "restart", "kubelet") })
	daemon(t, "restart", "kubelet", "--container-log-max-size", "1Mi")
	namespace := drive.NewNamespace(t)
	call := drive.StartRun(t, namespace, chatty(t, 40, 55*time.Second), "--log-level", "debug")
	pod := runningPod(t, namespace)
	rotated := false
	for ended := ""; ended == "" && !rotated; time.Sleep(time.Second) {
		first, _, _ := strings.Cut(drive.Kubectl(t, "logs", pod, "-c", handoff.RunnerContainer, "-n", namespace, "--limit-bytes=20000"), "\n")
		event, isEvent := handoff.ParseEvent(first)
		rotated = first != "" && (!isEvent || event.N > 1)
		ended = drive.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o", `jsonpath={.status.containerStatuses[0].state.terminated.reason}`)
	}
	if !rotated {
		t.Error("the log was not rotated, so that this proves nothing")
	}
	f.row.Noticed = "lines that are lost are counted; the result is not affected"
	f.ends(drive.Finish(t, call), namespace, asIfNothingHappened())
}
