package cli

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// problem tells what went wrong: cause, evidence and remedy.
func (c *console) problem(p *handoff.Problem) {
	c.records.Error(p.Cause, "evidence", p.Evidence, "remedy", p.Remedy)
	switch {
	case p.Evidence == "" || len(p.Error()) <= 100:
		c.line(slog.LevelError, symbolFail, p.Error())
	default:
		c.line(slog.LevelError, symbolFail, p.Cause)
		c.line(slog.LevelInfo, "", "  "+p.Evidence)
	}
	if p.Remedy != "" {
		c.line(slog.LevelInfo, "", "  "+p.Remedy)
	}
}

// faults tells all that is wrong with scenarios, in the order of the files.
func (c *console) faults(faults scenario.Errors) {
	for _, fault := range faults {
		c.fail(fault.Error())
	}
	c.note("%s; nothing was started", count(len(faults), "error", "errors"))
}

// ended tells why something failed, in the form that fits the error, and returns it as one of which all
// is told.
func (c *console) ended(err error) error {
	var problem *handoff.Problem
	var faults scenario.Errors
	var exit *exitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit) && exit.err == nil:
	case errors.As(err, &faults):
		c.faults(faults)
	case errors.As(err, &problem):
		c.problem(problem)
	default:
		c.fail(err.Error())
	}
	return exitWith(codeOf(err), nil)
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
