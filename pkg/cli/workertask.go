package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/task"
	"github.com/spf13/cobra"
)

// workerTaskCommand holds what the containers of the shipped v2 pipelines run.
func (p program) workerTaskCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "task",
		Short: "What the containers of the shipped pipelines run",
		Args:  knownVerb,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(
		taskVerb("add A B FILE", "Write the sum of two numbers", func(_ context.Context, a *arguments) error {
			first, second := a.number(0), a.number(1)
			return a.do(func() error { return task.Add(first, second, a.values[2]) })
		}),
		taskVerb("count N FILE", "Write the list of the numbers below N", func(_ context.Context, a *arguments) error {
			n := a.size(100_000)
			return a.do(func() error { return task.Count(int(n), a.values[1]) })
		}),
		taskVerb("sleep SECONDS", "Do nothing for a time", func(ctx context.Context, a *arguments) error {
			pause := time.Duration(max(a.number(0), 0) * float64(time.Second))
			return a.do(func() error { return task.Sleep(ctx, pause) })
		}),
		taskVerb("generate BYTES FILE", "Write an artifact of a size", func(_ context.Context, a *arguments) error {
			size := a.size(math.MaxInt64)
			return a.do(func() error { return task.Generate(size, a.values[1]) })
		}),
		taskVerb("check BYTES FILE", "Read an artifact that generate wrote", func(_ context.Context, a *arguments) error {
			size := a.size(math.MaxInt64)
			return a.do(func() error { return task.Check(size, a.values[1]) })
		}),
		taskVerb("fail CODE", "End with an exit code", func(_ context.Context, a *arguments) error {
			code := a.size(255)
			return a.do(func() error {
				return exitWith(exitCode(code), fmt.Errorf("this task was asked to end with exit code %d", code))
			})
		}),
	)
	return command
}

// taskVerb takes as many arguments as its use names, and no flags: an argument may be a negative number.
func taskVerb(use, short string, do func(context.Context, *arguments) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			if want := len(strings.Fields(use)) - 1; len(args) != want {
				return &usageError{fmt.Errorf("%s takes %s, not %d", c.CommandPath(), count(want, "argument", "arguments"), len(args))}
			}
			return do(c.Context(), &arguments{values: args})
		},
	}
}

// arguments are those of a task; the first fault among them is kept.
type arguments struct {
	values []string
	err    error
}

func (a *arguments) number(i int) float64 {
	n, err := strconv.ParseFloat(a.values[i], 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		a.fault(i, "a number")
	}
	return n
}

// size reads the first argument, a whole number.
func (a *arguments) size(most int64) int64 {
	n, err := strconv.ParseInt(a.values[0], 10, 64)
	if err != nil || n < 0 || n > most {
		a.fault(0, fmt.Sprintf("a whole number up to %d", most))
	}
	return n
}

func (a *arguments) fault(i int, expected string) {
	if a.err == nil {
		a.err = &usageError{fmt.Errorf("argument %d is %q; expected %s", i+1, a.values[i], expected)}
	}
}

// do works, unless there was a fault.
func (a *arguments) do(work func() error) error {
	if a.err != nil {
		return a.err
	}
	return work()
}
