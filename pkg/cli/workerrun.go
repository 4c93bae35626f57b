package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// heartbeat is the time between two signs of life of the runner. The results container takes a runner
// for dead after a dozen that are missing.
const heartbeat = 5 * time.Second

// workerOptions are the flags and the environment of worker run.
type workerOptions struct {
	program
	logs        logOptions
	kfp         kfpOptions
	scenarioDir string
	outDir      string
	// set are the flags that were given, for the result.
	set []string
	// The rest comes from the environment only.
	runID, protocol, file, namespace, image string

	events *handoff.EventWriter
	logger *slog.Logger
}

func (p program) newWorkerOptions() *workerOptions {
	return &workerOptions{
		program: p, logs: newLogOptions(), kfp: newKFPOptions(""),
		scenarioDir: handoff.ScenarioDir, outDir: handoff.OutDir,
		events: handoff.NewEventWriter(p.streams.Out),
	}
}

func (p program) workerRunCommand() *cobra.Command {
	o := p.newWorkerOptions()
	command := &cobra.Command{
		Use:   "run",
		Short: "Put the scenario's load on KFP, and leave the result to the results container",
		Args:  noArguments,
	}
	o.prepare(command, o.measure)
	return command
}

// duty is what the runner does; it returns what is to be brought home, and a word about it.
type duty func(context.Context) (content []byte, verdict string, err error)

// prepare gives a command the runner's flags, and a duty.
func (o *workerOptions) prepare(command *cobra.Command, do duty) {
	command.RunE = func(c *cobra.Command, _ []string) error {
		if err := o.complete(c.Flags()); err != nil {
			return &usageError{err}
		}
		o.logger = slog.New(o.logs.handler(o.streams.ErrOut, false))
		return o.run(c.Context(), do)
	}
	o.logs.addFlags(command.Flags())
	o.kfp.addFlags(command.Flags())
	command.Flags().StringVar(&o.scenarioDir, "scenario-dir", o.scenarioDir, "where the scenario is mounted")
	command.Flags().StringVar(&o.outDir, "out-dir", o.outDir, "the folder shared with the results container")
}

// complete takes the environment and validates the whole.
func (o *workerOptions) complete(flags *pflag.FlagSet) error {
	env := environment{flags: flags}
	env.kfp(&o.kfp)
	o.kfp.findNamespace(flags)
	o.set = setFlags(flags)
	o.file = env.value(handoff.EnvScenarioFile, defaultScenario)
	o.namespace = env.value(handoff.EnvNamespace, defaultNamespace)
	o.image = env.value(handoff.EnvImage, defaultImage(o.version))
	o.protocol = env.value(handoff.EnvProtocol, "none")
	o.runID = env.value(handoff.EnvRunID, "")
	switch {
	case env.err != nil:
		return env.err
	case o.runID == "":
		return fmt.Errorf("%s is not set; a run's Job sets it", handoff.EnvRunID)
	}
	if err := o.kfp.validate(); err != nil {
		return err
	}
	return o.logs.validate()
}

// run leaves a result or the reason why there is none. Its exit code says which of the two, and not what
// the verdict is: a container that fails makes its Job a failed one, and a Job that brought a result home
// has done its work. The verdict is in the result and in the commit record.
func (o *workerOptions) run(ctx context.Context, do duty) error {
	box := handoff.Outbox{Dir: o.outDir}
	content, verdict, err := o.work(ctx, box, do)
	if err == nil {
		err = box.Finish(o.runID, verdict, content)
	}
	if err == nil {
		return nil
	}
	problem := o.asProblem(ctx, err)
	o.emit(handoff.Event{Type: handoff.EventFatal, Text: problem.Error(), Problem: problem})
	return exitWith(exitNoStart, box.Fail(o.runID, problem))
}

// work introduces the worker and does its duty, under a steady heartbeat.
func (o *workerOptions) work(ctx context.Context, box handoff.Outbox, do duty) ([]byte, string, error) {
	o.emit(handoff.Event{
		Type: handoff.EventHello, Text: fmt.Sprintf("worker %s, run %s", o.version, o.runID),
		Hello: &handoff.Hello{Protocol: handoff.Protocol, Version: o.version, RunID: o.runID},
	})
	if o.protocol != strconv.Itoa(handoff.Protocol) {
		return nil, "", &handoff.Problem{
			Cause:    "the image and the plugin do not understand each other",
			Evidence: fmt.Sprintf("worker %s speaks protocol %d, the plugin %s", o.version, handoff.Protocol, o.protocol),
			Remedy:   "Use an --image of the plugin's own release.",
		}
	}
	if err := box.Heartbeat(time.Now()); err != nil {
		return nil, "", err
	}
	beating, stop := context.WithCancel(context.Background())
	var heart sync.WaitGroup
	heart.Go(func() { o.beat(beating, box) })
	defer heart.Wait()
	defer stop()
	return guarded(ctx, do)
}

// guarded makes of a panic on this goroutine an error: whoever waits for the result learns of it at once.
func guarded(ctx context.Context, do duty) (content []byte, verdict string, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = &handoff.Problem{
				Cause: "this is a defect of kubectl-kfpperf", Evidence: fmt.Sprint(fault),
				Remedy: "Please report it, with the scenario, at https://github.com/kfpperf/kubectl-kfpperf/issues.",
			}
		}
	}()
	return do(ctx)
}

// beat tells that the runner lives, also while it is asked to end and writes what it has.
func (o *workerOptions) beat(ctx context.Context, box handoff.Outbox) {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := box.Heartbeat(time.Now()); err != nil {
				o.logger.Error("no heartbeat", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// measure carries the mounted scenario out.
func (o *workerOptions) measure(ctx context.Context) ([]byte, string, error) {
	options, err := o.options()
	if err != nil {
		return nil, "", err
	}
	options.Document, err = loadMounted(mounted{dir: o.scenarioDir, file: o.file, scratch: o.outDir, pipelinesDir: o.kfp.pipelinesDir})
	if err != nil {
		return nil, "", err
	}
	document, err := worker.Run(ctx, options)
	if err != nil {
		return nil, "", err
	}
	debug.FreeOSMemory() // what the run took is given back before its result takes the same again
	content, err := result.Encode(document)
	return content, string(document.Verdict.Status), err
}

// options are what the worker needs, but for the scenario.
func (o *workerOptions) options() (worker.Options, error) {
	client, err := o.kfp.client(o.version, podToken(), o.logger)
	return worker.Options{
		RunID: o.runID, Client: client, Auth: o.kfp.auth,
		URL: o.kfp.url, Namespace: o.namespace, Image: o.image,
		DisableCache: o.kfp.disableCache, Drain: o.kfp.drain,
		Keep: result.Keep(o.kfp.keep), CleanupTimeout: o.kfp.cleanupTimeout,
		Cluster: o.surroundings(), Flags: o.set,
		Version: o.version, Emit: o.emit, Logger: o.logger,
	}, err
}

// emit writes an event to the log.
func (o *workerOptions) emit(e handoff.Event) {
	if err := o.events.Write(e); err != nil {
		o.logger.Error("an event is lost", "error", err)
	}
}

// asProblem turns what stopped the worker into what a person is told.
func (o *workerOptions) asProblem(ctx context.Context, err error) *handoff.Problem {
	var problem *handoff.Problem
	switch {
	case errors.As(err, &problem):
		return problem
	case ctx.Err() != nil:
		return &handoff.Problem{
			Cause: "the worker was stopped before its run had started", Evidence: err.Error(),
			Remedy: "Look for who deleted its pod or drained its node.",
		}
	}
	return &handoff.Problem{
		Cause: "the worker could not do its work", Evidence: err.Error(),
		Remedy: "Compare its image with the plugin's release, and its log with what the scenario asks for.",
	}
}
