package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/lmittmann/tint"
	"github.com/spf13/pflag"
	"gopkg.in/natefinch/lumberjack.v2"
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
	return logOptions{format: "text", level: "error", maxSize: 10, keep: 3}
}

func (o *logOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.format, "log-format", o.format, "form of log lines on stderr: text or json; json turns the progress into log lines, too")
	flags.StringVar(&o.level, "log-level", o.level, "least level to log beside the progress: error, warn, info, or debug, which shows every API call")
}

func (o *logOptions) validate() error {
	if o.format != "text" && o.format != "json" {
		return fmt.Errorf("--log-format is %q; choose text or json", o.format)
	}
	if o.maxSize < 1 || o.keep < 0 {
		return errors.New("--log-file-size needs at least 1 MB, and --log-file-count is not negative")
	}
	if _, err := o.slogLevel(); err != nil {
		return fmt.Errorf("--log-level is %q; choose error, warn, info or debug", o.level)
	}
	return nil
}

func (o *logOptions) slogLevel() (slog.Level, error) {
	var level slog.Level
	err := level.UnmarshalText([]byte(o.level))
	return level, err
}

// addFileFlags adds the flags of the log file, for verbs that run where a person looks for one.
func (o *logOptions) addFileFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.file, "log-file", "", "also log to this file, as JSON lines")
	flags.IntVar(&o.maxSize, "log-file-size", o.maxSize, "MB at which the log file is rotated")
	flags.IntVar(&o.keep, "log-file-count", o.keep, "how many rotated log files are kept; 0 keeps all")
}

// open returns the logger of a verb, and what ends it.
func (o *logOptions) open(c *console) (*slog.Logger, func() error) {
	logger := c.logger(*o)
	if o.file == "" {
		return logger, func() error { return nil }
	}
	level, _ := o.slogLevel() // validated
	file := &lumberjack.Logger{Filename: o.file, MaxSize: o.maxSize, MaxBackups: o.keep}
	inFile := slog.NewJSONHandler(file, &slog.HandlerOptions{Level: level})
	return slog.New(slog.NewMultiHandler(logger.Handler(), inFile)), file.Close
}

// logger writes to out at the least level; call it after validate.
func (o *logOptions) logger(out io.Writer, colour bool) *slog.Logger {
	level, err := o.slogLevel()
	if err != nil {
		level = slog.LevelError
	}
	if o.format == "json" {
		return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(tint.NewTextHandler(out, &tint.Options{
		Level: level, NoColor: !colour, TimeFormat: "15:04:05.000", ReplaceAttr: printableAttr,
	}))
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
