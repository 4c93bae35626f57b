package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// logLines are n events of a runner, one a second.
func logLines(t *testing.T, n int) []string {
	t.Helper()
	var log bytes.Buffer
	writer := handoff.NewEventWriter(&log)
	for i := range n {
		at := time.Date(2026, 1, 2, 3, 4, i, 500_000_000, time.UTC)
		if err := writer.Write(handoff.Event{Type: handoff.EventProgress, Time: at, Text: fmt.Sprint("event ", i+1)}); err != nil {
			t.Fatal(err)
		}
	}
	return slices.Collect(strings.Lines(log.String()))
}

// heard follows a run and returns what the listener was told.
func heard(t *testing.T, c *Cluster) ([]string, error) {
	t.Helper()
	var told []string
	err := c.Follow(t.Context(), "r", Listener{
		Event: func(e handoff.Event) error { told = append(told, e.Text); return nil },
		Line:  func(line string) { told = append(told, "line "+line) },
		Gap:   func(n int) { told = append(told, fmt.Sprint("gap ", n)) },
	})
	return told, err
}

func TestAStreamThatEndsEarlyIsTakenUpAgain(t *testing.T) {
	a, c := newAPI(t)
	lines := logLines(t, 5)
	running := []corev1.Pod{podIn("p", isRunning(), isRunning())}
	a.pods = [][]corev1.Pod{running, running, {podIn("p", isOver(""), isRunning())}}
	a.logs[handoff.RunnerContainer] = []string{
		"panic: not really\n" + lines[0] + lines[1] + lines[2][:20], // cut in the middle of a line
		lines[1] + "a line that was told before\n" + lines[2],       // from the second of the last event on
		lines[2] + lines[3] + "the last words\n" + lines[4],
	}
	told, err := heard(t, c)
	want := []string{"line panic: not really", "event 1", "event 2", "event 3", "event 4", "line the last words", "event 5"}
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("%v, told %q", err, told)
	}
	if want := []string{"", "2026-01-02T03:04:01Z", "2026-01-02T03:04:02Z"}; !slices.Equal(a.sinces, want) {
		t.Errorf("read since %q", a.sinces)
	}
}

func TestARotatedLogLeavesAGapThatIsTold(t *testing.T) {
	a, c := newAPI(t)
	lines := logLines(t, 9)
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}, {podIn("p", isOver(""), isRunning())}}
	a.logs[handoff.RunnerContainer] = []string{lines[0], lines[7] + lines[8]}
	told, err := heard(t, c)
	if want := []string{"event 1", "gap 6", "event 8", "event 9"}; err != nil || !slices.Equal(told, want) {
		t.Errorf("%v, told %q", err, told)
	}
}

func TestAListenerMayEndTheFollowing(t *testing.T) {
	a, c := newAPI(t)
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}}
	a.logs[handoff.RunnerContainer] = []string{strings.Join(logLines(t, 3), "")}
	enough := errors.New("enough")
	calls := 0
	err := c.Follow(t.Context(), "r", Listener{Event: func(handoff.Event) error { calls++; return enough }})
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("%v after %d events", err, calls)
	}
}

func TestAPodThatIsGoneIsALostResult(t *testing.T) {
	a, c := newAPI(t)
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}, nil}
	a.logs[handoff.RunnerContainer] = []string{logLines(t, 1)[0]}
	if _, err := heard(t, c); !errors.Is(err, ErrLost) {
		t.Errorf("error %v", err)
	}
}

func TestOverlongLinesAreCutAndEndNothing(t *testing.T) {
	a, c := newAPI(t)
	a.pods = [][]corev1.Pod{{podIn("p", isOver(""), isRunning())}}
	a.logs[handoff.RunnerContainer] = []string{strings.Repeat("x", 3*maxLogLine) + "\n" + logLines(t, 1)[0]}
	told, err := heard(t, c)
	if err != nil || len(told) != 2 || len(told[0]) != len("line ")+maxLogLine || told[1] != "event 1" {
		t.Errorf("%v, %d lines", err, len(told))
	}
}
