package worker

import (
	"fmt"
	"math"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// document gathers the result of entries that are done, but for what was seen around them and for the verdict.
func (o Options) document(
	server result.Server, target *workload.Target, entries []*workload.Entry, looks workload.Looks,
	own []metrics.Operation, interrupted bool,
) *result.Document {
	took := time.Since(target.Started)
	poll := max(o.Poll, looks.LongestGap.Round(time.Millisecond))
	d := &result.Document{
		APIVersion: result.APIVersion, Kind: result.Kind,
		RunID: o.RunID,
		Tool:  result.Tool{Version: o.Version, Protocol: handoff.Protocol},
		Scenario: result.Scenario{
			Name: o.Document.Name, Hash: o.Document.Hash(), Seed: o.Document.Seed,
			Entries: o.Document.Entries, Thresholds: o.Document.Thresholds,
		},
		Tenancy:      o.tenancy(),
		Server:       server,
		Speed:        o.Speed,
		Started:      target.Started.UTC(),
		Finished:     target.Started.Add(took).UTC(),
		Interrupted:  interrupted,
		PollInterval: scenario.Duration(poll),
		Own:          own,
		Follow: result.Follow{
			Looks: looks.Calls, Failed: looks.Failed, PerSecond: perSecond(looks.Calls, took),
		},
	}
	if server.Sandbox {
		d.Warnings = append(d.Warnings, "the server was the sandbox: these figures say nothing about a real KFP")
	}
	d.Warnings = append(d.Warnings, o.doubtTenancy(server)...)
	for _, e := range entries {
		outcome := e.Result(poll)
		d.Entries = append(d.Entries, outcome)
		d.API = metrics.Merge(d.API, outcome.API)
		d.Warnings = append(d.Warnings, e.Warnings()...)
	}
	if looks.Failed > 0 {
		d.Warnings = append(d.Warnings, fmt.Sprintf(
			"%d of %d looks at the states of runs failed; what was first seen then was seen late (last failure: %v)",
			looks.Failed, looks.Calls, looks.LastError))
	}
	for _, operation := range d.API {
		if n := operation.Response.Clamped(); n > 0 {
			d.Warnings = append(d.Warnings, fmt.Sprintf(
				"%d of %d responses of %s were outside 1 µs … 24 h and count as its nearer end",
				n, operation.Response.Count(), operation.Name))
		}
	}
	for i := range d.API {
		d.API[i].Series = target.Series.Of(d.API[i].Name)
	}
	return d
}

// perSecond is a rate with two decimals; 0 before any time has passed.
func perSecond(n int, in time.Duration) float64 {
	if in <= 0 {
		return 0
	}
	return math.Round(100*float64(n)/in.Seconds()) / 100
}
