package cli

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/lmittmann/tint"
	"github.com/spf13/pflag"
)

// logOptions are the flags of everything that logs.
type logOptions struct {
	format string
	level  string
}

func newLogOptions() logOptions { return logOptions{format: "text", level: "error"} }

func (o *logOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.format, "log-format", o.format, "form of log lines on stderr: text or json; json turns the progress into log lines, too")
	flags.StringVar(&o.level, "log-level", o.level, "least level to log beside the progress: error, warn, info, or debug, which shows every API call")
}

func (o *logOptions) validate() error {
	if o.format != "text" && o.format != "json" {
		return fmt.Errorf("--log-format is %q; choose text or json", o.format)
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
