package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
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
	// requestDir and termination are how the pod is spoken to, and how it speaks last.
	requestDir, termination string
	// set are the flags that were given, for the result.
	set []string
	// The rest comes from the environment only.
	runID, protocol, file, namespace, image string

	events *handoff.EventWriter
	logger *slog.Logger
	// alone says that the results container has ended before its time, and that this was told.
	alone bool
}

func (p program) newWorkerOptions() *workerOptions {
	return &workerOptions{
		program: p, logs: newLogOptions(), kfp: newKFPOptions(""),
		scenarioDir: handoff.ScenarioDir, outDir: handoff.OutDir,
		requestDir: handoff.RequestDir, termination: handoff.TerminationLog,
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
	command.Flags().StringVar(&o.outDir, flagOutDir, o.outDir, "the folder shared with the results container")
	command.Flags().StringVar(&o.requestDir, flagRequestDir, o.requestDir, "where the pod's annotations are mounted")
	command.Flags().StringVar(&o.termination, flagTerminationLog, o.termination, "where the commit record goes if the results container cannot write it")
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
	pod, access := o.inside()
	doubt, err := claim(ctx, pod, access)
	if err != nil {
		return nil, "", err
	}
	options.Checkpoint = o.checkpoint
	asked := newStopping()
	options.Stop, options.Abandon = asked.stop, asked.abandon
	heeding, over := context.WithCancel(ctx)
	var listener sync.WaitGroup
	listener.Go(func() { o.heed(heeding, asked) })
	defer listener.Wait()
	defer over()
	document, err := worker.Run(ctx, options)
	if err != nil {
		return nil, "", err
	}
	if doubt != "" {
		document.Warnings = append(document.Warnings, doubt)
	}
	debug.FreeOSMemory() // what the run took is given back before its result takes the same again
	content, err := result.Encode(document)
	if err != nil {
		return nil, "", err
	}
	if access == nil {
		if err := keep(ctx, pod, document, content); err != nil {
			o.logger.Warn("no copy of the result survives this pod", "error", err)
		}
	}
	return content, string(document.Verdict.Status), nil
}

// checkpoint leaves what there is of a result to the results container. Where that cannot be, the run goes on: it
// is only for the case that it does not.
func (o *workerOptions) checkpoint(document *result.Document) {
	content, err := result.Encode(document)
	if err == nil {
		var parcel handoff.Parcel
		if parcel, err = handoff.NewParcel(content); err == nil {
			err = handoff.Outbox{Dir: o.outDir}.Checkpoint(o.runID, string(document.Verdict.Status), parcel)
		}
	}
	if err != nil {
		o.logger.Warn("there is no checkpoint of the result", "error", err)
	}
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
