package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// oneOf is one entry's progress with some runs done.
func oneOf(phase string, done int) []handoff.EntryProgress {
	return []handoff.EntryProgress{{Mode: "PIPELINE_RUN", Phase: phase, Total: 100, Started: 100, Succeeded: done, InFlight: 100 - done}}
}

func TestAPlainLogIsCalmAndNeverSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		c := newConsole(&out, newLogOptions(), slog.DiscardHandler)
		err := c.during(func() error {
			c.progress(oneOf("waiting", 0))
			c.progress(oneOf("running", 0))
			time.Sleep(100 * time.Millisecond) // off the console's own clock
			for done := range 20 {             // a change each second
				time.Sleep(time.Second)
				c.progress(oneOf("running", done+1))
			}
			time.Sleep(40 * time.Second) // and then none
			c.progress(oneOf("done", 100))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			"  00:00  #1 PIPELINE_RUN  waiting",
			"  00:00  #1 PIPELINE_RUN  0/100 done  100 in flight",
			"  00:05  #1 PIPELINE_RUN  4/100 done  96 in flight",
			"  00:10  #1 PIPELINE_RUN  9/100 done  91 in flight",
			"  00:15  #1 PIPELINE_RUN  14/100 done  86 in flight",
			"  00:20  #1 PIPELINE_RUN  19/100 done  81 in flight",
			"  00:25  #1 PIPELINE_RUN  20/100 done  80 in flight",
			"  00:40  #1 PIPELINE_RUN  20/100 done  80 in flight",
			"  00:55  #1 PIPELINE_RUN  20/100 done  80 in flight",
			"  01:00  #1 PIPELINE_RUN  100/100 done",
		}
		if got := out.String(); got != strings.Join(want, "\n")+"\n" {
			t.Errorf("got\n%s", got)
		}
	})
}

func TestTheEndIsToldEvenWhenItComesSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		c := newConsole(&out, newLogOptions(), slog.DiscardHandler)
		_ = c.during(func() error {
			c.progress(oneOf("running", 1))
			c.progress(oneOf("running", 2))
			return errors.New("interrupted")
		})
		if got := out.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "2/100 done") {
			t.Errorf("got\n%s", got)
		}
	})
}

func TestATerminalShowsTheClockAndKeepsLinesAbove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := &screen{columns: 80}
		c := newConsole(screen, newLogOptions(), slog.DiscardHandler)
		c.colour, c.width = true, func() int { return screen.columns }
		resize := func(columns int) { // the console writes under its lock, from its own goroutine too
			c.mu.Lock()
			defer c.mu.Unlock()
			screen.resize(columns)
		}
		_ = c.during(func() error {
			c.done("pod running")
			c.progress(append(oneOf("running", 0), oneOf("waiting", 0)...))
			time.Sleep(1500 * time.Millisecond)
			c.warn("half way \x1b[2J")
			resize(40) // what stands there wraps
			c.progress(append(oneOf("running", 50), oneOf("preparing", 0)...))
			time.Sleep(time.Second)
			resize(80)
			_, _ = c.Write([]byte("a log line\n"))
			c.progress(append(oneOf("done", 100), oneOf("done", 100)...))
			return nil
		})
		c.note("after it")
		want := []string{
			"✓ pod running",
			"! half way �[2J",
			"a log line",
			"  00:02  #1 PIPELINE_RUN  ██████████  100/100 done",
			"         #1 PIPELINE_RUN  ██████████  100/100 done",
			"after it",
		}
		if got := screen.text(); got != strings.Join(want, "\n") {
			t.Errorf("the screen shows\n%s", got)
		}
	})
}

func TestJSONRecordsCarryTheSame(t *testing.T) {
	var out bytes.Buffer
	logs := logOptions{format: "json", level: "debug"}
	c := newConsole(&out, logs, slog.DiscardHandler)
	c.done("checks passed")
	c.progress(oneOf("running", 7))
	c.problem(&handoff.Problem{Cause: "no", Evidence: "\x1b[2J", Remedy: "Do."})
	c.logger(logs).Debug("call", "operation", "CreateRun")
	var messages []string
	for line := range strings.Lines(out.String()) {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		messages = append(messages, fmt.Sprint(record["level"], " ", record["msg"], " ", record["succeeded"], " ", record["remedy"]))
	}
	want := "INFO checks passed <nil> <nil>|INFO progress 7 <nil>|ERROR no <nil> Do.|DEBUG call <nil> <nil>"
	if got := strings.Join(messages, "|"); got != want {
		t.Errorf("got %s", got)
	}
}

func TestTextLogsAreSafeForATerminal(t *testing.T) {
	var out bytes.Buffer
	logs := logOptions{format: "text", level: "info"}
	logger := newConsole(&out, logs, slog.DiscardHandler).logger(logs)
	logger.Info("server\x1b[2J", "said", "\x1b[2J", "error", errors.New("\x1b[2J"))
	logger.Debug("not shown")
	if got := out.String(); strings.Contains(got, "\x1b") || !strings.Contains(got, "server") || strings.Contains(got, "not shown") {
		t.Errorf("%q", got)
	}
	if logger.Enabled(t.Context(), slog.LevelDebug) {
		t.Error("debug is on")
	}
}

func TestErrorsAreToldInTheirForm(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"nothing", nil, ""},
		{"all was told", exitWith(exitDetached, nil), ""},
		{"any", errors.New("disk full"), "✗ disk full\n"},
		{"a problem", exitWith(exitNoStart, &handoff.Problem{Cause: "no pod", Evidence: "quota", Remedy: "Raise it."}),
			"✗ no pod (quota)\n  Raise it.\n"},
		{"a long one", &handoff.Problem{Cause: "no pod", Evidence: strings.Repeat("x", 100), Remedy: "Raise it."},
			"✗ no pod\n  " + strings.Repeat("x", 100) + "\n  Raise it.\n"},
		{"faults", fmt.Errorf("loading: %w", scenario.Errors{
			{File: "a.json", Line: 1, Column: 2, Message: "bad"}, {File: "b.json", Line: 3, Column: 4, Message: "worse"},
		}), "✗ a.json:1:2: bad\n✗ b.json:3:4: worse\n2 errors; nothing was started\n"},
	} {
		var out bytes.Buffer
		err := newConsole(&out, newLogOptions(), slog.DiscardHandler).ended(test.err)
		if out.String() != test.want {
			t.Errorf("%s: %q, want %q", test.name, out.String(), test.want)
		}
		if codeOf(err) != codeOf(test.err) {
			t.Errorf("%s: the code became %d", test.name, codeOf(err))
		}
	}
}
