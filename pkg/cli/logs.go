package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/spf13/cobra"
)

// logsOptions are the flags of logs.
type logsOptions struct {
	*attendant
	runChoice
	follow     bool
	timestamps bool
}

func (p program) logsCommand() *cobra.Command {
	o := &logsOptions{attendant: p.newAttendant()}
	command := &cobra.Command{
		Use:   "logs RUN",
		Short: "Print what a run's worker says",
		Long: `Prints the log of a run's worker for people. With -f it goes on until the worker ends, through rotations of the
log and outages of the Kubernetes API; the run does not notice whether anybody follows it.

Exit code 2 says that there is no log, 7 that Ctrl-C ended the following.`,
		Example:           `  kubectl kfpperf logs smoke-9k2dab -n kubeflow-user -f`,
		RunE:              o.onRun(&o.runChoice, o.run),
		ValidArgsFunction: p.completeRuns(o.kubernetes),
	}
	flags := command.Flags()
	flags.BoolVarP(&o.follow, "follow", "f", false, "go on until the worker ends")
	flags.BoolVar(&o.timestamps, "timestamps", false, "begin each of the worker's events with its time")
	flags.DurationVar(&o.startTimeout, "start-timeout", o.startTimeout, "with -f: how long the Job's pod may take to start")
	o.addFlag(flags)
	addKubernetesFlags(flags, o.kubernetes)
	return command
}

func (o *logsOptions) run(ctx context.Context) error {
	connected, found, err := o.find(ctx, o.kubernetes, o.version)
	if err != nil {
		return err
	}
	var printing sync.Mutex
	var readers sync.WaitGroup
	failures := make([]error, len(found))
	for i, run := range found {
		p := &logPrinter{out: o.streams.Out, mu: &printing, timestamps: o.timestamps}
		if len(found) > 1 {
			p.tag = run.Namespace
		}
		read := func() { failures[i] = taggedError(p.tag, o.read(ctx, connected.In(run.Namespace), run, p)) }
		if o.follow {
			readers.Go(read)
			continue
		}
		read()
	}
	readers.Wait()
	return o.outcome(ctx, failures)
}

// outcome decides the exit code when the logs of all parts were read.
func (o *logsOptions) outcome(ctx context.Context, failures []error) error {
	if ctx.Err() != nil {
		return exitWith(exitDetached, nil)
	}
	var codes []exitCode
	for _, err := range failures {
		if err != nil {
			code := exitNoStart
			if errors.Is(err, errPrinting) {
				code = exitUsage
			}
			codes = append(codes, code)
			_ = o.console.ended(err) // the code is decided here
		}
	}
	if len(codes) > 0 {
		return exitWith(worst(codes...), nil)
	}
	return nil
}

// read prints the log of one part of the run.
func (o *logsOptions) read(ctx context.Context, in *cluster.Cluster, run cluster.Run, p *logPrinter) error {
	if run.Pod == "" && !run.Phase.UnderWay() {
		return noResult(run)
	}
	if !o.follow {
		if run.Phase == cluster.PhasePending {
			return fmt.Errorf("run %s has not started, and has no log yet; wait for it with -f", run.ID)
		}
		return p.ended(in.Log(ctx, run.Pod, p.listener()))
	}
	if run.Phase == cluster.PhasePending {
		tell := func(waiting *handoff.Problem) { o.console.note("  waiting: %s", tagged(p.tag, waiting.Error())) }
		if _, err := in.Start(ctx, run.ID, cluster.Starting{Timeout: o.startTimeout, Tell: tell}); err != nil {
			return err
		}
	}
	return p.ended(in.Follow(ctx, run.ID, p.listener()))
}

// errPrinting says that nobody reads what is printed.
var errPrinting = errors.New("printing to stdout")

// logPrinter prints what a worker says, for people. It shares stdout with others.
type logPrinter struct {
	out        io.Writer
	mu         *sync.Mutex
	tag        string
	timestamps bool
	err        error
}

func (p *logPrinter) listener() cluster.Listener {
	return cluster.Listener{
		Event: func(e handoff.Event) error {
			if p.timestamps {
				e.Text = e.Time.UTC().Format(time.RFC3339Nano) + " " + e.Text
			}
			p.line(e.Text)
			return p.err
		},
		Line: p.line,
		Gap:  func(events int) { p.line(count(events, "line", "lines") + " were lost to a rotation") },
	}
}

// ended is why the reading ended, of which that nobody reads what is printed comes first.
func (p *logPrinter) ended(err error) error {
	if p.err != nil {
		return p.err
	}
	return err
}

func (p *logPrinter) line(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return
	}
	if _, err := fmt.Fprintln(p.out, printable(tagged(p.tag, text))); err != nil {
		p.err = fmt.Errorf("%w: %w", errPrinting, err)
	}
}
