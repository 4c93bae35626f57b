package worker

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// document gathers the result of entries that are done.
func (o Options) document(
	server result.Server, started time.Time, entries []*workload.Entry, looks workload.Looks, interrupted bool,
) *result.Document {
	d := &result.Document{
		APIVersion: result.APIVersion, Kind: result.Kind,
		RunID:        o.RunID,
		Tool:         result.Tool{Version: o.Version, Protocol: handoff.Protocol},
		Scenario:     result.Scenario{Name: o.Document.Name, Hash: o.Document.Hash(), Entries: o.Document.Entries},
		Server:       server,
		Started:      started.UTC(),
		Finished:     started.Add(time.Since(started)).UTC(),
		Interrupted:  interrupted,
		PollInterval: scenario.Duration(max(o.Poll, looks.LongestGap.Round(time.Millisecond))),
		API:          o.Recorder.Operations(),
	}
	for _, e := range entries {
		d.Entries = append(d.Entries, e.Result())
		d.Warnings = append(d.Warnings, e.Warnings()...)
	}
	if looks.Failed > 0 {
		d.Warnings = append(d.Warnings, fmt.Sprintf(
			"%d of %d looks at the states of runs failed; what was first seen then was seen late (last failure: %v)",
			looks.Failed, looks.Calls, looks.LastError))
	}
	for _, operation := range d.API {
		if n := operation.Latency.Clamped(); n > 0 {
			d.Warnings = append(d.Warnings, fmt.Sprintf(
				"%d latencies of %s were outside 1 µs … 1 h and count as its nearer end", n, operation.Name))
		}
	}
	d.Verdict = result.Judge(d)
	return d
}
