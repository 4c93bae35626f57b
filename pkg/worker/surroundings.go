package worker

import (
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
)

// wasSandbox is why nothing is asked of a cluster or of counters: those that there are have nothing to do with
// the run.
const wasSandbox = "the server was the sandbox"

// watch returns what looks around while the run goes on.
func (o Options) watch(server result.Server) usage.Watch {
	if server.Sandbox {
		return usage.Watch{NoCounts: wasSandbox, Cluster: usage.Cluster{Absent: wasSandbox}}
	}
	return usage.Watch{Counts: o.Client.Metrics, Cluster: o.Cluster}
}

// addSurroundings adds what was seen around the run to its result.
func (o Options) addSurroundings(d *result.Document, seen usage.Seen, ahead *metrics.Clock) {
	d.Environment, d.Resources, d.ServerCounts = seen.Environment, seen.Resources, seen.ServerCounts
	d.Environment.Flags = o.Flags
	d.Environment.Clock = ahead
	d.NotMeasured = append(d.NotMeasured, seen.Gaps...)
	if ahead == nil {
		d.NotMeasured = append(d.NotMeasured, result.Gap{What: "environment.clock", Why: "no answer of KFP's had a date"})
	}
	slices.SortStableFunc(d.NotMeasured, func(a, b result.Gap) int { return strings.Compare(a.What, b.What) })
}
