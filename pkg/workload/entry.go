package workload

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
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

// Entry carries out one entry of a scenario. Its methods are safe for concurrent use; Run is called
// once.
type Entry struct {
	target   *Target
	tracker  *Tracker
	index    int
	spec     scenario.Entry
	pipeline []byte
	prepare  prepareFunc
	// changed holds a token when a run has ended since the last look.
	changed chan struct{}

	mu        sync.Mutex
	phase     Phase
	outcome   result.Entry
	runs      []run
	createMax time.Duration
	lastSent  time.Time
	warnings  []string
}

// NewEntry returns entry index (from 0) of a scenario, with its pipeline package. It refuses modes that
// this release does not run.
func NewEntry(target *Target, tracker *Tracker, index int, spec scenario.Entry, pipeline []byte) (*Entry, error) {
	prepare, known := preparation(spec.Mode)
	if !known {
		return nil, fmt.Errorf("entry %d: mode %s does not run in this release", index+1, spec.Mode)
	}
	return &Entry{
		target: target, tracker: tracker, index: index, spec: spec, pipeline: pipeline, prepare: prepare,
		changed: make(chan struct{}, 1),
		phase:   Waiting,
		outcome: result.Entry{Index: index, Mode: spec.Mode, Pipeline: spec.PipelineFileName},
		runs:    make([]run, spec.NumTimes),
	}, nil
}

// Run carries the entry out and returns when all its runs have ended, when its drain time is over, or
// when ctx is done. What went wrong stands in Result.
func (e *Entry) Run(ctx context.Context) {
	defer e.enter(Done)
	start := e.target.Started.Add(time.Duration(e.spec.StartTime))
	until := start.Add(time.Duration(e.spec.RunTime))
	if !sleepUntil(ctx, start) {
		return
	}
	e.enter(Preparing)
	slot, err := e.prepare(ctx, e)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		e.fail(err)
		return
	}
	e.enter(Running)
	load.Fire(ctx, load.Plan{Pacer: load.Burst(e.spec.NumTimes), Start: e.target.now(), Until: until}, slot)
	e.drain(ctx, until)
}

// drain waits for the runs that are still open, at most for the drain time from the later of until and
// the last start.
func (e *Entry) drain(ctx context.Context, until time.Time) {
	if sent := e.sentLast(); sent.After(until) {
		until = sent
	}
	expired := time.NewTimer(time.Until(until.Add(e.target.Drain)))
	defer expired.Stop()
	for e.Standing().InFlight > 0 {
		select {
		case <-e.changed:
		case <-expired.C:
			return
		case <-ctx.Done():
			return
		}
	}
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
func (e *Entry) Name() string {
	return result.Entry{Index: e.index, Mode: e.spec.Mode, Pipeline: e.spec.PipelineFileName}.Name()
}

// Mode returns the entry's mode.
func (e *Entry) Mode() scenario.Mode { return e.spec.Mode }

// Pipeline returns the entry's pipelineFileName.
func (e *Entry) Pipeline() string { return e.spec.PipelineFileName }
