package usage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const (
	// countsTimeout bounds each look at the server's counts: a run waits for it before it starts and when it
	// has ended.
	countsTimeout = 2 * time.Second
	// linger is what calls of the cluster get to end in when the run has.
	linger = 2 * time.Second
	// longestReason is how many characters the reason of a gap may have.
	longestReason = 400
)

// Watch looks at what a run uses, from its beginning to its end.
type Watch struct {
	// Counts returns what KFP's API server counts of itself, in Prometheus's text format. When it is nil,
	// NoCounts says why.
	Counts   func(context.Context) (string, error)
	NoCounts string
	Cluster  Cluster

	// self stands in for thisProcess where a test has another.
	self func() (own, error)
}

// Seen is what a Watch saw.
type Seen struct {
	Resources result.Resources
	// Environment is the cluster's part of it.
	Environment  result.Environment
	ServerCounts []result.ServerCount
	// Gaps are in the order of what is missing.
	Gaps []result.Gap
}

// Tally is what KFP's API server had counted at a moment, or why that is not known.
type Tally struct {
	text string
	gap  []result.Gap
}

// Tally asks for the server's counts. It belongs before the start of the run, which it delays by 2 seconds at
// the most; During asks again at its end.
func (w Watch) Tally(ctx context.Context) Tally {
	if w.Counts == nil {
		return Tally{gap: noCounts(w.NoCounts)}
	}
	ctx, cancel := context.WithTimeout(ctx, countsTimeout)
	defer cancel()
	text, err := w.Counts(ctx)
	if err != nil {
		return Tally{gap: noCounts("KFP's API server did not tell its counts: " + err.Error())}
	}
	return Tally{text: text}
}

// During carries out the work, which is the run that began at started, and looks around meanwhile. It never
// makes the work wait; when the work is done, it waits a few seconds at the most for answers that are under
// way, also when ctx was cancelled.
func (w Watch) During(ctx context.Context, started time.Time, before Tally, work func()) Seen {
	ctx = context.WithoutCancel(ctx)
	looking, stop := context.WithCancel(ctx)
	defer stop()
	asking, end := lingering(looking, linger)
	defer end()
	process, cluster := &processWatch{started: started}, &clusterWatch{Cluster: w.Cluster, started: started}
	var watchers sync.WaitGroup
	watchers.Go(func() { process.follow(looking, w.self) })
	if w.Cluster.there() {
		watchers.Go(func() { cluster.describe(asking) })
		watchers.Go(func() { cluster.follow(looking, asking) })
	}
	work()
	stop()
	after := before
	if before.gap == nil {
		after = w.Tally(ctx)
	}
	watchers.Wait()

	var seen Seen
	process.tell(&seen)
	cluster.tell(&seen)
	seen.count(before, after)
	slices.SortStableFunc(seen.Gaps, func(a, b result.Gap) int { return strings.Compare(a.What, b.What) })
	return seen
}

// miss notes gaps. Their reasons may hold what a server said.
func (s *Seen) miss(gaps ...result.Gap) {
	for _, gap := range gaps {
		gap.Why = printable(gap.Why, longestReason)
		s.Gaps = append(s.Gaps, gap)
	}
}

// apiServer is what KFP calls the component that counts.
const apiServer = "ml-pipeline"

// count compares what the server had counted before and after.
func (s *Seen) count(before, after Tally) {
	if after.gap != nil {
		s.miss(after.gap...)
		return
	}
	counts, gaps := grown(before.text, after.text)
	s.ServerCounts = counts
	s.miss(gaps...)
	for _, component := range s.Resources.Components {
		if component.Name == apiServer && component.Pods > 1 && len(counts) > 0 {
			s.miss(noCounts(fmt.Sprintf("they are of one of the %d pods of %s, whose calls were shared among them",
				component.Pods, apiServer))...)
		}
	}
}

// lingering returns a context that ends a while after ctx does.
func lingering(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	lingers, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return lingers, func() {
		stop()
		cancel()
	}
}
