package handoff

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"
)

// maxLine keeps an event below the 16 KiB at which containerd splits a log line.
const maxLine = 12 << 10

// EventWriter numbers events and writes each as one log line. It is safe for concurrent use.
type EventWriter struct {
	mu  sync.Mutex
	out io.Writer
	n   int
}

// NewEventWriter writes to out, the container's standard output.
func NewEventWriter(out io.Writer) *EventWriter { return &EventWriter{out: out} }

// Write gives the event the next number and, where it has none, the time, and writes it.
func (w *EventWriter) Write(e Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	e.N = w.n
	if e.Time.IsZero() {
		e.Time = time.Now().UTC()
	}
	e.Text = oneLine(e.Text)
	line, err := formatEvent(e)
	if err != nil {
		return fmt.Errorf("writing event %d: %w", e.N, err)
	}
	_, err = io.WriteString(w.out, line)
	return err
}

// formatEvent cuts what is too long for one line: first the payload, which later events repeat, then
// the text.
func formatEvent(e Event) (string, error) {
	for {
		payload, err := json.Marshal(e)
		if err != nil {
			return "", err
		}
		line := fmt.Sprintf("[%d] %s\t%s\n", e.N, e.Text, payload)
		switch {
		case len(line) <= maxLine:
			return line, nil
		case e.Progress != nil:
			e.Progress = nil
		case e.Problem != nil && len(e.Problem.Evidence) > maxLine/8:
			cut := *e.Problem
			cut.Evidence = strings.ToValidUTF8(cut.Evidence[:maxLine/8], "") + " …"
			e.Problem = &cut
		case len(e.Text) > maxLine/8:
			e.Text = strings.ToValidUTF8(e.Text[:maxLine/8], "") + " …"
		default:
			return "", fmt.Errorf("an event of type %s is longer than %d bytes", e.Type, maxLine)
		}
	}
}

// ParseEvent reads a log line back. It returns false for a line that is no event, such as a print of
// a library's; that line is for people as it stands.
func ParseEvent(line string) (Event, bool) {
	_, payload, found := strings.Cut(strings.TrimRight(line, "\r\n"), "\t{")
	if !found || !strings.HasPrefix(line, "[") {
		return Event{}, false
	}
	var e Event
	if err := json.Unmarshal([]byte("{"+payload), &e); err != nil || e.N < 1 || e.Type == "" {
		return Event{}, false
	}
	return e, true
}

// oneLine replaces what would break the line or its parts.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
