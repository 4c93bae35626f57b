package workload

import (
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
	// counting is when the first piece of work that counts was due.
	counting time.Time

	// counted and warmUp record the calls of slots; what prepares them is counted.
	counted, warmUp metrics.Recorder

	mu      sync.Mutex
	phase   Phase
	outcome result.Entry
	total   int
	tally   load.Tally
	fired   bool
	book    book
	calls   callCounts
	// closed says that the waiting is over: what is learned of runs from then on changes nothing.
	closed   bool
	slowest  time.Duration
	warnings []string
	// load is what was put on over time.
	load metrics.Load
	// adoptions counts runs that were found by their names.
	adoptions int
}

// NewEntry returns entry index (from 0) of a scenario, with its pipeline package. It refuses modes that it
// does not know.
func NewEntry(target *Target, tracker *Tracker, index int, spec scenario.Entry, pipeline []byte) (*Entry, error) {
	mode, known := modeOf(spec.Mode)
	if !known {
		return nil, fmt.Errorf("entry %d: mode %s does not run in this release", index+1, spec.Mode)
	}
	return newEntry(target, tracker, index, spec, pipeline, mode), nil
}

func newEntry(target *Target, tracker *Tracker, index int, spec scenario.Entry, pipeline []byte, mode mode) *Entry {
	spec = compressed(spec, target.Speed)
	seed := seedOf(target.Seed, index, spec)
	e := &Entry{
		target: target, tracker: tracker, index: index, spec: spec, pipeline: pipeline,
		seed: seed, mode: mode, spread: spreadOf(spec, seed, mode.spread),
		phase: Waiting, outcome: identity(index, spec), book: book{runs: map[int]*run{}},
	}
	e.spread.shard = shardOf(spec, target.Tenant)
	if len(spec.Namespaces) > 0 {
		e.outcome.Share = &result.Share{Index: e.spread.shard.Index, Of: max(e.spread.shard.Of, 1)}
	}
	if !mode.byServer {
		e.total = e.spread.total()
	}
	return e
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

// Name returns what people call the entry.
func (e *Entry) Name() string { return identity(e.index, e.spec).Name() }

// Index returns the entry's place in the scenario, from 0.
func (e *Entry) Index() int { return e.index }

// Mode returns the entry's mode.
func (e *Entry) Mode() scenario.Mode { return e.spec.Mode }

// Pipeline returns the entry's pipelineFileName.
func (e *Entry) Pipeline() string { return e.spec.PipelineFileName }

// MakesRuns reports whether the entry's work is runs, and not calls.
func (e *Entry) MakesRuns() bool { return identity(e.index, e.spec).MakesRuns() }

// work is what the slots of the entry are called.
func (e *Entry) work() string { return identity(e.index, e.spec).Work() }
