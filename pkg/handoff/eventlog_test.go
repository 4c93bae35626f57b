package handoff

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestEventRoundTrip(t *testing.T) {
	var log bytes.Buffer
	w := NewEventWriter(&log)
	sent := Event{
		Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Type: EventProgress, Text: "00:05 half\x1b[31m\tdone\n",
		Progress: []EntryProgress{{Entry: 0, Mode: "PIPELINE_RUN", Total: 2, Succeeded: 1}},
	}
	for range 2 {
		if err := w.Write(sent); err != nil {
			t.Fatal(err)
		}
	}
	lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[1], "[2] 00:05 half [31m done \t{") {
		t.Fatalf("lines %q", lines)
	}
	got, ok := ParseEvent(lines[1])
	sent.N, sent.Text = 2, "00:05 half [31m done "
	if !ok || !reflect.DeepEqual(got, sent) {
		t.Errorf("read back %+v, want %+v", got, sent)
	}
}

func TestLongEventsStayOneLine(t *testing.T) {
	long := strings.Repeat("é", maxLine)
	for name, e := range map[string]Event{
		"evidence": {Type: EventFatal, Text: "refused", Problem: &Problem{Cause: "refused", Evidence: long}},
		"text":     {Type: EventProblem, Text: long},
		"entries":  {Type: EventProgress, Text: "many", Progress: make([]EntryProgress, 1000)},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			if err := NewEventWriter(&log).Write(e); err != nil {
				t.Fatal(err)
			}
			if log.Len() > maxLine {
				t.Errorf("the line has %d bytes", log.Len())
			}
			if got, ok := ParseEvent(log.String()); !ok || got.Type != e.Type {
				t.Errorf("read back %v %+v", ok, got)
			}
		})
	}
}

func TestOtherLinesAreNoEvents(t *testing.T) {
	for _, line := range []string{"", "hello", "[1] no payload", "[1] text\t{broken", "[x]\t{}", "\t{\"n\":1}", "[1] x\t{\"n\":0,\"type\":\"hello\"}"} {
		if e, ok := ParseEvent(line); ok {
			t.Errorf("%q is taken for %+v", line, e)
		}
	}
}
