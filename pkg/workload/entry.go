package workload

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Phase is where an entry stands as a whole.
type Phase string

// The phases of an entry, in their order.
const (
	Waiting   Phase = "waiting"
	Preparing Phase = "preparing"
	Running   Phase = "running"
	Done      Phase = "done"
)

// finishing bounds what is done after the end of an entry, be it one that was cancelled: a pod that is told
// to end has half a minute, and the result must be written, too.
const finishing = 20 * time.Second

// Entry carries out one entry of a scenario. Its methods are safe for concurrent use; Run is called
// once.
type Entry struct {
	target   *Target
	tracker  *Tracker
	index    int
	spec     scenario.Entry
	pipeline []byte
	seed     uint64
	mode     mode
	spread   spread
	// began is when the entry's own clock starts: after the preparations.
	began time.Time

	// counted and warmUp record the calls of slots; what prepares them is counted.
	counted, warmUp metrics.Recorder

	mu       sync.Mutex
	phase    Phase
	outcome  result.Entry
	total    int
	tally    load.Tally
	fired    bool
	book     map[int]*run
	calls    callCounts
	slowest  time.Duration
	warnings []string
}

// NewEntry returns entry index (from 0) of a scenario, with its pipeline package. It refuses modes that it
// does not know.
func NewEntry(target *Target, tracker *Tracker, index int, spec scenario.Entry, pipeline []byte) (*Entry, error) {
	mode, known := modeOf(spec.Mode)
	if !known {
		return nil, fmt.Errorf("entry %d: mode %s does not run in this release", index+1, spec.Mode)
	}
	spec = compressed(spec, target.Speed)
	seed := seedOf(target.Seed, index, spec)
	spread := spreadOf(spec, seed, mode.spread)
	total := spread.total()
	if mode.byServer {
		total = 0
	}
	return &Entry{
		target: target, tracker: tracker, index: index, spec: spec, pipeline: pipeline,
		seed: seed, mode: mode, spread: spread, total: total,
		phase:   Waiting,
		outcome: identity(index, spec), book: map[int]*run{},
	}, nil
}

// identity is what a result says of an entry before it runs.
func identity(index int, spec scenario.Entry) result.Entry {
	return result.Entry{
		Index: index, Mode: spec.Mode, Pipeline: spec.PipelineFileName, Title: spec.Name, Labels: spec.Labels,
	}
}

// seedOf is the entry's own seed, else one that differs between the entries of a document.
func seedOf(document uint64, index int, spec scenario.Entry) uint64 {
	if spec.Seed != nil {
		return *spec.Seed
	}
	const odd = 0x9E3779B97F4A7C15      // 2^64 divided by the golden ratio: neighbours end up far apart
	return document + uint64(index)*odd //nolint:gosec // an index is never negative
}

// Run carries the entry out and returns when all its work has ended, when its drain time is over, or when
// ctx is done. What went wrong stands in Result.
func (e *Entry) Run(ctx context.Context) {
	defer e.enter(Done)
	start := e.target.Started.Add(time.Duration(e.spec.StartTime))
	if !sleepUntil(ctx, start) {
		return
	}
	e.enter(Preparing)
	work, err := e.mode.prepare(ctx, e)
	if work.finish != nil {
		defer e.finish(ctx, work.finish)
	}
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		e.fail(err)
		return
	}
	e.enter(Running)
	e.began = e.target.now()
	until := start.Add(time.Duration(e.spec.RunTime))
	if e.spec.Load != nil {
		// A load lasts as long as it says, however long the preparations took.
		until = e.began.Add(time.Duration(e.spec.RunTime))
	}
	waiting, cancel := context.WithDeadline(ctx, until.Add(e.drain()))
	defer cancel()
	e.settleTally(e.spread.fire(ctx, e.began, until, func(_ context.Context, s load.Slot) {
		work.slot(waiting, e.slot(s))
	}))
	if work.stay != nil {
		work.stay(waiting, until)
	}
	e.terminateRest(ctx)
}

// finish calls what takes back, also after a cancellation, within bounds.
func (e *Entry) finish(ctx context.Context, takeBack func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishing)
	defer cancel()
	takeBack(ctx)
}

// drain is how long unfinished work is awaited.
func (e *Entry) drain() time.Duration {
	if e.spec.Drain != nil {
		return time.Duration(*e.spec.Drain)
	}
	return shorter(e.target.Drain, e.target.Speed)
}

// slot returns what a slot of the engine is for the work.
func (e *Entry) slot(s load.Slot) slot {
	warm := e.isWarmUp(s)
	recorder := &e.counted
	if warm {
		recorder = &e.warmUp
	}
	return slot{Slot: s, warm: warm, client: e.target.Client.Observing(recordFrom(recorder, s.Planned))}
}

func (e *Entry) isWarmUp(s load.Slot) bool {
	w := e.spec.WarmUp
	return w != nil && (s.Index < w.Count || s.Planned.Before(e.began.Add(time.Duration(w.Time))))
}

// sleepUntil waits for an instant and reports whether it came before the end of ctx.
func sleepUntil(ctx context.Context, instant time.Time) bool {
	timer := time.NewTimer(time.Until(instant))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// Name returns what people call the entry.
func (e *Entry) Name() string { return identity(e.index, e.spec).Name() }

// Mode returns the entry's mode.
func (e *Entry) Mode() scenario.Mode { return e.spec.Mode }

// Pipeline returns the entry's pipelineFileName.
func (e *Entry) Pipeline() string { return e.spec.PipelineFileName }

// MakesRuns reports whether the entry's work is runs, and not calls.
func (e *Entry) MakesRuns() bool { return e.work() == result.Entry{}.Work() }

// work is what the slots of the entry are called.
func (e *Entry) work() string { return identity(e.index, e.spec).Work() }
