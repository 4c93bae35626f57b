// Package worker wires a run: it makes sure that Kubeflow Pipelines (KFP) answers, carries out the
// entries of a scenario, tells how it goes and returns the result. It refuses to know where it runs: the
// Job's container and `run --local` call it alike. It reads no flags and writes no files.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// The defaults of Options.
const (
	// DefaultDrain is how long an entry waits for its runs once nothing more can start.
	DefaultDrain = 10 * time.Minute
	// DefaultPoll keeps the worker's own looks at run states at one call a second, a fifth of what a
	// multi-user KFP lets through with its default CLIENTQPS.
	DefaultPoll = time.Second
	// DefaultCleanupTimeout is how long the deleting may take of what a run made in KFP: 1,500 calls, at the five a
	// second that a multi-user KFP lets through with its default CLIENTQPS.
	DefaultCleanupTimeout = 5 * time.Minute
	// fastestPoll is the poll interval of the fastest time.
	fastestPoll = 10 * time.Millisecond
	// mostRuns is how many runs a result tells of one by one, shared by the entries that make some, of which each
	// may have fewestRuns.
	mostRuns, fewestRuns = 10_000, 100
)

// Options is what a run needs.
type Options struct {
	// RunID starts the name of everything that the run makes.
	RunID    string
	Document *scenario.Document
	// Client talks to KFP at URL.
	Client *kfp.Client
	// Auth says when a token is shown; automatically when it is empty.
	Auth handoff.Auth
	// URL is shown; Namespace is where a multi-user KFP keeps the runs, and the one whose share is carried out of a
	// scenario that names namespaces.
	URL, Namespace string
	// Apart refuses a server without users where the scenario names namespaces: from one place, it would be the
	// same load several times.
	Apart bool
	// Image is the product's own, as KFP's runs can pull it; the shipped v2 pipelines run it.
	Image string
	// DisableCache switches KFP's step caching off in each uploaded pipeline.
	DisableCache bool
	// Stop, when it is closed, has the run start nothing more and wait for what is under way as it would have
	// anyway; the result is marked interrupted. It may be nil, and so may Abandon.
	Stop <-chan struct{}
	// Abandon, when it is closed, has the run start nothing more and wait for nothing; what is under way is taken
	// for no evidence of a failure and deleted, unless Keep is result.KeepAll. The cleaning has all its time.
	Abandon <-chan struct{}
	// Keep is what stays in KFP in the end; result.KeepFailed when it is empty.
	Keep result.Keep
	// CleanupTimeout bounds the deleting of the rest; DefaultCleanupTimeout when it is zero.
	CleanupTimeout time.Duration
	// Drain and Poll (the least time between two looks at run states) have the defaults above.
	Drain, Poll time.Duration
	// Speed is how many times as fast time runs for the scenario and its server, which must be an embedded
	// one; 0 and 1 mean that it does not.
	Speed float64
	// Cluster is how the cluster around KFP is asked what it is and uses; it may be none.
	Cluster usage.Cluster
	// Flags are those that were set, for the result.
	Flags []string
	// Version is this program's.
	Version string
	// Emit is told what happens, always from the goroutine that called Run; may be nil.
	Emit func(handoff.Event)
	// Checkpoint, if any, is given now and then what there would be of a result if the worker died at that moment,
	// from the goroutine that called Run.
	Checkpoint func(*result.Document)
	// Logger may be nil.
	Logger *slog.Logger

	// unlisted is why the first list of runs failed, where that says nothing about who we are.
	unlisted error
}

// Run carries out the scenario and returns its result, also when it failed: the verdict says so. In the end it deletes
// from KFP what it made there, but for what Options.Keep says; that is in the result, too, and not in its verdict. When
// ctx is cancelled nothing more starts; calls under way get a moment to end, no run is awaited, what must not stay
// on the server is taken back, and the result says that it was interrupted: all within 20 seconds, 2 more for
// the last look around, and 20 more for the deleting. The error of a run that could not start is a *handoff.Problem.
func Run(ctx context.Context, o Options) (*result.Document, error) {
	o = o.withDefaults()
	if err := o.checkShare(); err != nil {
		return nil, err
	}
	own := &metrics.Recorder{}
	clock := newServerClock()
	o.Client = o.Client.Observing(workload.Record(own.Record)).Watching(clock.see)
	server, err := o.reach(ctx)
	if err != nil {
		return nil, err
	}
	o.Emit(serverEvent(server))
	watch := o.watch(server)
	before := watch.Tally(ctx)
	target := &workload.Target{
		Client: o.Client, RunID: o.RunID, Namespace: server.Namespace, Tenant: o.Namespace,
		Image: o.Image, DisableCache: o.DisableCache, Seed: o.Document.Seed, Speed: o.Speed, Drain: o.Drain, Started: time.Now(),
		Stop: o.Stop, Abandon: o.Abandon, KeepRuns: keepRuns(o.Document.Entries),
	}
	target.Series.Start = target.Started
	if o.Speed == 0 { // else the server's time is another one than its clock's
		target.Ahead = clock.offset
	}
	tracker := workload.NewTracker(target, o.Poll)
	entries, err := o.entries(target, tracker)
	if err != nil {
		return nil, err
	}
	gather := func(interrupted bool) *result.Document {
		return o.document(server, target, entries, tracker.Looks(), own.Operations(), interrupted)
	}
	n := &narrator{
		emit: o.Emit, logger: o.Logger, started: target.Started, entries: entries, tenant: o.tenant(), looks: tracker.Looks,
	}
	if o.Checkpoint != nil {
		n.checkpoints.take = func() { o.Checkpoint(partial(gather(false))) }
	}
	var document *result.Document
	seen := watch.During(ctx, target.Started, before, func() {
		carryOut(ctx, tracker, n)
		document = gather(ctx.Err() != nil || closed(o.Stop) || closed(o.Abandon))
	})
	document.Own = own.Operations() // the last question is asked when all is over
	o.addSurroundings(document, seen, clock.ahead())
	document.Thresholds = result.Evaluate(document)
	document.Verdict = result.Judge(document)
	o.clean(ctx, document, entries)
	o.Emit(finishedEvent(document))
	return document, nil
}

// keepRuns is how many runs of an entry the result tells of one by one.
func keepRuns(entries []scenario.Entry) int {
	making := 0
	for _, e := range entries {
		if (result.Entry{Mode: e.Mode}).MakesRuns() {
			making++
		}
	}
	return max(mostRuns/max(making, 1), fewestRuns)
}

// closed reports whether a channel that nobody sends to is closed.
func closed(signal <-chan struct{}) bool {
	select {
	case <-signal:
		return true
	default:
		return false
	}
}

// carryOut runs the narrator's entries and the tracker.
func carryOut(ctx context.Context, tracker *workload.Tracker, n *narrator) {
	polling, stopPolling := context.WithCancel(ctx)
	defer stopPolling()
	var poller, workers, watcher sync.WaitGroup
	poller.Go(func() { tracker.Run(polling) })
	for _, e := range n.entries {
		workers.Go(func() { e.Run(ctx) })
	}
	finished := make(chan struct{})
	watcher.Go(func() {
		workers.Wait()
		close(finished)
	})
	n.narrate(finished)
	watcher.Wait()
	stopPolling()
	poller.Wait()
}

// entries returns those of the scenario's entries that have something for our namespace, ready to run.
func (o Options) entries(target *workload.Target, tracker *workload.Tracker) ([]*workload.Entry, error) {
	var entries []*workload.Entry
	for i, spec := range o.Document.Entries {
		if _, _, has := spec.Share(o.Namespace); !has {
			continue
		}
		e, err := workload.NewEntry(target, tracker, i, spec, o.Document.Pipelines[spec.PipelineFileName])
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func (o Options) withDefaults() Options {
	if o.Drain == 0 {
		o.Drain = DefaultDrain
	}
	if o.CleanupTimeout == 0 {
		o.CleanupTimeout = DefaultCleanupTimeout
	}
	if o.Keep == "" {
		o.Keep = result.KeepFailed
	}
	if o.Poll == 0 {
		o.Poll = DefaultPoll
		if o.Speed > 1 {
			o.Poll = max(time.Duration(float64(DefaultPoll)/o.Speed), fastestPoll)
		}
	}
	if o.Speed == 1 {
		o.Speed = 0
	}
	o.Document = o.Document.Placed(o.Namespace)
	if o.Emit == nil {
		o.Emit = func(handoff.Event) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
