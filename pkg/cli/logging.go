package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"github.com/spf13/pflag"
	"gopkg.in/natefinch/lumberjack.v2"
)

// The forms of log lines.
const (
	logText = "text"
	logJSON = "json"
)

// logOptions are the flags of everything that logs.
type logOptions struct {
	format string
	level  string
	// file takes the log as well, as JSON; empty for none. It is rotated at maxSize MB, and keep older ones
	// stay.
	file          string
	maxSize, keep int
}

func newLogOptions() logOptions {
	return logOptions{format: logText, level: "error", maxSize: 10, keep: 3}
}

func (o *logOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.format, "log-format", o.format, "form of log lines on stderr: text or json; json turns the progress into log lines, too")
	flags.StringVar(&o.level, "log-level", o.level, "least level to log beside the progress: error, warn, info, or debug, which shows every API call")
}

func (o *logOptions) validate() error {
	if o.format != logText && o.format != logJSON {
		return fmt.Errorf("--log-format is %q; choose text or json", o.format)
	}
	if o.maxSize < 1 || o.keep < 0 {
		return errors.New("--log-file-size needs at least 1 MB, and --log-file-count is not negative")
	}
	if err := new(slog.Level).UnmarshalText([]byte(o.level)); err != nil {
		return fmt.Errorf("--log-level is %q; choose error, warn, info or debug", o.level)
	}
	return nil
}

// slogLevel is the least level; error where it cannot be read, before validate.
func (o *logOptions) slogLevel() slog.Level {
	level := slog.LevelError
	_ = level.UnmarshalText([]byte(o.level)) // leaves the level alone when it fails
	return level
}

// addFileFlags adds the flags of the log file, for verbs that run where a person looks for one.
func (o *logOptions) addFileFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.file, "log-file", "", "also log to this file, as JSON lines")
	flags.IntVar(&o.maxSize, "log-file-size", o.maxSize, "MB at which the log file is rotated")
	flags.IntVar(&o.keep, "log-file-count", o.keep, "how many rotated log files are kept; 0 keeps all")
}

// journal opens the log file, and returns what writes to it and what closes it. The file tells all that
// stderr does, and its least level is info at the most: nobody asks for a log file to find it empty.
func (o *logOptions) journal() (slog.Handler, io.Closer, error) {
	if o.file == "" {
		return slog.DiscardHandler, io.NopCloser(nil), nil
	}
	probe, err := os.OpenFile(o.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("--log-file cannot be written: %w", err)
	}
	if err := probe.Close(); err != nil {
		return nil, nil, fmt.Errorf("--log-file cannot be written: %w", err)
	}
	file := &lumberjack.Logger{Filename: o.file, MaxSize: o.maxSize, MaxBackups: o.keep}
	return slog.NewJSONHandler(file, &slog.HandlerOptions{Level: min(o.slogLevel(), slog.LevelInfo)}), file, nil
}

// handler writes to out at the least level.
func (o *logOptions) handler(out io.Writer, colour bool) slog.Handler {
	if o.format == logJSON {
		return slog.NewJSONHandler(out, &slog.HandlerOptions{Level: o.slogLevel()})
	}
	return tint.NewTextHandler(out, &tint.Options{
		Level: o.slogLevel(), NoColor: !colour, TimeFormat: "15:04:05.000", ReplaceAttr: printableAttr,
	})
}

// printableAttr keeps what a server said from steering the terminal. (JSON escapes it anyway.)
func printableAttr(_ []string, attr slog.Attr) slog.Attr {
	switch attr.Value.Kind() {
	case slog.KindString:
		attr.Value = slog.StringValue(printable(attr.Value.String()))
	case slog.KindAny:
		if err, ok := attr.Value.Any().(error); ok {
			attr.Value = slog.StringValue(printable(err.Error()))
		}
	}
	return attr
}
