package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// symbolFail begins the line of what went wrong.
const symbolFail = "✗ "

// console tells people, on stderr, what happens: lines that stay and, below them, where the entries
// stand. On a terminal these are a few redrawn lines, elsewhere (pipes, CI) plain lines now and then, and
// with --log-format json log records. A log file takes records of the same. All text is made printable here.
// It is safe for concurrent use.
type console struct {
	out    io.Writer
	colour bool
	// lines says that out takes lines for people, and no records.
	lines bool
	// width returns the terminal's columns; nil where nothing is redrawn.
	width func() int
	// journal is the log file's handler; records takes everything, for it and for out.
	journal slog.Handler
	records *slog.Logger

	mu      sync.Mutex
	started time.Time
	// standings are what was told last by each namespace, and entries what is shown of them.
	standings standings
	entries   []handoff.EntryProgress
	// drawn are the lengths of the lines that stand at the bottom of the terminal.
	drawn []int
	// told is what plain lines said last of each entry, by the name that is shown.
	told map[string]toldEntry
}

// newConsole writes to stderr as it, the environment and the log format allow, and to the journal.
func newConsole(stderr io.Writer, logs logOptions, journal slog.Handler) *console {
	c := &console{out: stderr, journal: journal, records: slog.New(journal)}
	if logs.format == logJSON {
		c.records = slog.New(slog.NewMultiHandler(slog.NewJSONHandler(stderr, nil), journal))
		return c
	}
	c.lines, c.width = true, terminalWidth(stderr)
	c.colour = c.width != nil && wantsColour()
	return c
}

// logger is for what is not the progress. Its lines stay above the redrawn ones.
func (c *console) logger(logs logOptions) *slog.Logger {
	handler := logs.handler(c.out, false)
	if c.lines {
		handler = logs.handler(c, c.colour)
	}
	return slog.New(slog.NewMultiHandler(handler, c.journal))
}

// Write puts whole lines above the redrawn ones, as they are.
func (c *console) Write(text []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.erase()
	n, err := c.out.Write(text)
	c.draw()
	return n, err
}

// done tells that a step succeeded.
func (c *console) done(format string, args ...any) {
	c.say(slog.LevelInfo, "✓ ", fmt.Sprintf(format, args...))
}

// note tells something that is neither good nor bad.
func (c *console) note(format string, args ...any) {
	c.say(slog.LevelInfo, "", fmt.Sprintf(format, args...))
}

// warn tells of a doubt.
func (c *console) warn(format string, args ...any) {
	c.say(slog.LevelWarn, "! ", fmt.Sprintf(format, args...))
}

// fail tells that something went wrong.
func (c *console) fail(text string) {
	c.say(slog.LevelError, symbolFail, text)
}

// say tells something, in a line after a symbol.
func (c *console) say(level slog.Level, symbol, text string) {
	c.records.Log(context.Background(), level, text)
	c.line(level, symbol, text)
}

// line writes a line that stays, where people read. On a terminal it is wrapped between words.
func (c *console) line(level slog.Level, symbol, text string) {
	if !c.lines {
		return
	}
	text = printable(text)
	if c.width != nil {
		text = wrap(symbol+text, c.width()-1, "  ")[len(symbol):]
	}
	if c.colour {
		symbol = paint(level, symbol)
	}
	_, _ = fmt.Fprintf(c, "%s%s\n", symbol, text) // nobody is left to tell that stderr is gone
}

// command shows a command to copy: in one piece, however long.
func (c *console) command(what, command string) {
	c.records.Info(what, "command", command)
	if !c.lines {
		return
	}
	_, _ = fmt.Fprintf(c, "  %s %s\n", what, printable(command))
}
