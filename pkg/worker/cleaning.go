package worker

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// lastCleaning is how long may be deleted after a cancellation. With the 22 seconds that the run itself may take
// then, it leaves some of the pod's minute of grace to the result.
const lastCleaning = 20 * time.Second

// clean deletes what the run made in KFP and is not to stay. It is not measured.
func (o Options) clean(ctx context.Context, d *result.Document, entries []*workload.Entry) {
	d.Cleanup = &result.Cleanup{Keep: o.Keep, Namespace: o.Namespace}
	if !o.makes() {
		return
	}
	cleaner := &workload.Cleaner{
		Client: o.Client.Observing(func(kfp.Call) {}), RunID: o.RunID, Namespace: d.Server.Namespace,
		Keep: o.Keep, Interrupted: ctx.Err() != nil || closed(o.Abandon), Underway: map[string]bool{}, Hurried: ctx.Done(),
	}
	for _, e := range entries {
		for _, id := range e.Underway() {
			cleaner.Underway[id] = true
		}
	}
	bounded, stop := o.cleaningTime(ctx)
	defer stop()
	finished := make(chan struct{})
	var worker sync.WaitGroup
	worker.Go(func() {
		d.Cleanup = cleaner.Clean(bounded)
		d.Cleanup.Namespace = o.Namespace
		close(finished)
	})
	o.tellCleaning(cleaner, finished)
	worker.Wait()
	o.Emit(cleanedEvent(d))
}

// neverCleaned is what a worker that died has cleaned.
func (o Options) neverCleaned() *result.Cleanup {
	c := &result.Cleanup{Keep: o.Keep, Namespace: o.Namespace}
	if o.makes() {
		c.Reason = "the worker ended before it could delete anything"
	}
	return c
}

// makes reports whether the run makes anything that is not to stay.
func (o Options) makes() bool {
	for _, e := range o.Document.Entries {
		if e.Mode == scenario.PipelineScheduledRun || e.Mode != scenario.RandomGets && o.Keep != result.KeepAll {
			return true
		}
	}
	return false
}

// cleaningTime returns a context that is over when the time for the deleting is, which is short after ctx was
// cancelled.
func (o Options) cleaningTime(ctx context.Context) (context.Context, context.CancelFunc) {
	over := time.Now().Add(o.CleanupTimeout)
	bounded, cancel := context.WithCancel(context.WithoutCancel(ctx))
	end := time.AfterFunc(o.CleanupTimeout, cancel)
	stop := context.AfterFunc(ctx, func() { end.Reset(min(lastCleaning, time.Until(over))) })
	return bounded, func() {
		stop()
		end.Stop()
		cancel()
	}
}

// tellCleaning tells how the deleting goes until it has finished: people worry, and idle connections are cut.
func (o Options) tellCleaning(cleaner *workload.Cleaner, finished <-chan struct{}) {
	ticker := time.NewTicker(calmly)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			done, of := cleaner.Progress()
			o.Emit(handoff.Event{
				Type: handoff.EventCleaning, Time: time.Now().UTC(),
				Text: fmt.Sprintf("deleting what the run made in KFP: %d of %d are gone", done, of),
			})
		case <-finished:
			return
		}
	}
}

// calmly is the time between two events of the deleting.
const calmly = 10 * time.Second

// cleanedEvent tells what became of what the run made.
func cleanedEvent(d *result.Document) handoff.Event {
	c := d.Cleanup
	parts := []string{fmt.Sprintf("%d things of the run deleted from KFP in %s", c.Deleted.Total(), latency(time.Duration(c.Took)))}
	if c.Kept != nil && c.Kept.Total() > 0 {
		parts = append(parts, fmt.Sprintf("%d kept", c.Kept.Total()))
	}
	switch {
	case c.LeftTotal > 0:
		parts = append(parts, fmt.Sprintf("%d left: %s", c.LeftTotal, c.Reason))
	case !c.Complete():
		parts = append(parts, "some may be left: "+c.Reason)
	}
	return handoff.Event{Type: handoff.EventCleaning, Time: time.Now().UTC(), Text: strings.Join(parts, ", ")}
}
