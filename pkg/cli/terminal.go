package cli

import (
	"io"
	"log/slog"
	"os"
	"runtime"

	"golang.org/x/term"
)

// narrow is the width taken for a terminal that does not tell its own.
const narrow = 80

// terminalWidth returns what tells the width of the terminal that w is, or nil where lines cannot be
// redrawn: w is no terminal, or a dumb one. On Windows only Windows Terminal is known to obey.
func terminalWidth(w io.Writer) func() int {
	file, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	if runtime.GOOS == "windows" && os.Getenv("WT_SESSION") == "" {
		return nil
	}
	return func() int {
		columns, _, err := term.GetSize(int(file.Fd()))
		if err != nil || columns <= 0 {
			return narrow
		}
		return columns
	}
}

// wantsColour follows no-color.org.
func wantsColour() bool { return os.Getenv("NO_COLOR") == "" }

// ANSI sequences: the colours of symbols, and what redrawing takes.
const (
	ansiRed       = "\x1b[31m"
	ansiGreen     = "\x1b[32m"
	ansiYellow    = "\x1b[33m"
	ansiReset     = "\x1b[0m"
	ansiUp        = "\x1b[%dA"
	ansiEraseLine = "\x1b[K"
	ansiEraseDown = "\x1b[J"
)

// paint colours a symbol by the level of what it stands before.
func paint(level slog.Level, symbol string) string {
	switch {
	case symbol == "":
		return ""
	case level >= slog.LevelError:
		return ansiRed + symbol + ansiReset
	case level >= slog.LevelWarn:
		return ansiYellow + symbol + ansiReset
	}
	return ansiGreen + symbol + ansiReset
}
