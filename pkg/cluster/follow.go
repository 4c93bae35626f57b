package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// maxLogLine is what is kept of a line of a log; ours are shorter.
const maxLogLine = 64 << 10

// Listener is told what a runner says.
type Listener struct {
	// Event is told each event once, in order; its error ends the following.
	Event func(handoff.Event) error
	// Line is told what is no event, such as the runner's own log.
	Line func(string)
	// From is the event after which to begin; the zero Event begins with the first.
	From handoff.Event
	// Caught, where it is not nil, is told once that all was passed on that had been said before the following began.
	Caught func()
	// Gap is told how many events were lost: logs are rotated, and what is rotated is not served.
	Gap func(events int)
}

// Follow passes on what the runner says until it has ended, or has said its last word: a runner waits until its result
// was shipped. The end of a stream means nothing: streams end
// at rotations, at idle load balancers and at restarts of the API server, and are then taken up again. Only
// the container's status tells the end, and a last read after it tells all that was said.
func (c *Cluster) Follow(ctx context.Context, runID string, listener Listener) error {
	log := &eventLog{listener: listener, last: listener.From}
	behind := listener.Caught != nil
	for failures := 0; ; {
		pod, err := c.pod(ctx, runID)
		if err != nil {
			return err
		}
		if pod == nil {
			return c.lost(nil)
		}
		ended := over(pod, handoff.RunnerContainer)
		err = c.readEvents(ctx, pod.Name, log, !ended && !behind)
		var refused *listenerError
		switch {
		case errors.As(err, &refused):
			return refused.err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case behind && err == nil:
			behind = false
			listener.Caught()
			continue
		case ended && err == nil, log.last.Last():
			return nil
		case ended:
			// The log is for people; the result does not depend on it.
			if failures++; failures == c.attempts {
				return nil
			}
		}
		if err := c.sleep(ctx); err != nil {
			return err
		}
	}
}

// Log passes on what the runner has said so far, and does not wait for more.
func (c *Cluster) Log(ctx context.Context, pod string, listener Listener) error {
	err := c.readEvents(ctx, pod, &eventLog{listener: listener}, false)
	var refused *listenerError
	if errors.As(err, &refused) {
		return refused.err
	}
	return err
}

// readEvents reads the runner's log from where log has come to.
func (c *Cluster) readEvents(ctx context.Context, pod string, log *eventLog, follow bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(c.idle, cancel)
	defer silence.Stop()
	stream, err := c.client.CoreV1().Pods(c.namespace).GetLogs(pod, &corev1.PodLogOptions{
		Container: handoff.RunnerContainer, Follow: follow, SinceTime: log.since(),
	}).Stream(ctx)
	if err != nil {
		return fmt.Errorf("reading the runner's log: %w", err)
	}
	defer func() { _ = stream.Close() }() // it was only read
	log.replaying = true
	for lines := bufio.NewReader(stream); ; {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the runner's log: %w", err)
		}
		silence.Reset(c.idle)
		if err := log.take(line); err != nil {
			return err
		}
		if log.last.Last() {
			return nil
		}
	}
}

// readLine returns the next whole line, cut to maxLogLine. A line that the end of the stream cuts off is
// none: it will be read again.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		piece, err := r.ReadSlice('\n')
		line = append(line, piece[:min(len(piece), maxLogLine-len(line))]...)
		if err == nil {
			return strings.TrimRight(string(line), "\r\n"), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
}

// eventLog turns log lines, which may come again after a new start of the stream, into events that come
// once.
type eventLog struct {
	listener Listener
	last     handoff.Event
	// replaying is true until a line is new for certain. Lines that bear no number are passed over until
	// then.
	replaying bool
}

// listenerError ends the following at the listener's wish.
type listenerError struct{ err error }

func (e *listenerError) Error() string { return e.err.Error() }

// since is where a new stream has to start: the API has whole seconds only.
func (l *eventLog) since() *metav1.Time {
	if l.last.N == 0 {
		return nil
	}
	return &metav1.Time{Time: l.last.Time.Truncate(time.Second)}
}

func (l *eventLog) take(line string) error {
	event, ok := handoff.ParseEvent(line)
	if !ok {
		if handoff.IsFrame(line) {
			return nil // of a runner that ships its result itself
		}
		if !l.replaying || l.last.N == 0 {
			l.listener.Line(line)
		}
		return nil
	}
	if event.N <= l.last.N {
		return nil
	}
	if missing := event.N - l.last.N - 1; missing > 0 {
		l.listener.Gap(missing)
	}
	l.last, l.replaying = event, false
	if err := l.listener.Event(event); err != nil {
		return &listenerError{err}
	}
	return nil
}
