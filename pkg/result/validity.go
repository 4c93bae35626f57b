package result

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
)

// The limits past which figures do not mean what they should; docs/metrics.md gives the reasons.
const (
	// mostDropped is the share of an entry's work that may be dropped for want of room in flight. Beyond it the
	// load was not the one that was asked for.
	mostDropped = 0.01
	// mostLag is how late calls may leave, by the highest percentile that their number supports, unless that is
	// less than mostLagShare of the median response.
	mostLag      = 100 * time.Millisecond
	mostLagShare = 0.1
	// mostCPU is the share of its limit that the worker may use, and mostThrottled the share of the run's time
	// for which the kernel may hold it back.
	mostCPU       = 0.9
	mostThrottled = 0.1
	// mostImpossible is the share of runs with intervals that cannot be.
	mostImpossible = 0.01
	// mostMoved is by how much the worker's clock and the server's may move against each other.
	mostMoved = time.Second
	// mostCached is the share of an entry's tasks that may come from KFP's cache when the entry does not say that
	// it means to.
	mostCached = 0.1
	// mostUnfinished is the share of an entry's started runs whose end may be missing: these are the slow ones.
	mostUnfinished = 0.05
)

// judgeMeasurement adds what makes the figures themselves doubtful, whatever they say of the server.
func (v *Verdict) judgeMeasurement(d *Document) {
	if !d.Server.Sandbox { // which takes its share of the worker's processor time
		for _, o := range d.API {
			v.judgeLag(o)
		}
		v.judgeWorker(d)
	}
	if clock := d.Environment.Clock; clock != nil && clock.Moved() > mostMoved {
		v.add(Invalid, fmt.Sprintf("the clocks of worker and server moved against each other by %.1f s, so times of one do not compare with the other's",
			clock.Moved().Seconds()))
	}
	for _, e := range d.Entries {
		if asked, known := d.asked(e); known && asked.Caching == nil {
			v.judgeCache(e)
		}
		v.judgeRuns(e)
	}
}

// judgeLag looks at how late calls left. Below 6 of them no percentile says anything.
func (v *Verdict) judgeLag(o metrics.Operation) {
	median, ok := o.Response.Quantile(0.5)
	if !ok {
		return
	}
	name, lag := "p50", time.Duration(0)
	for _, p := range []struct {
		name string
		q    float64
	}{{"p50", 0.5}, {"p95", 0.95}, {"p99", 0.99}} {
		if value, ok := o.Lag.Quantile(p.q); ok {
			name, lag = p.name, value
		}
	}
	if lag > mostLag && float64(lag) > mostLagShare*float64(median) {
		v.add(Invalid, fmt.Sprintf("calls of %s left late (%s %d ms after they were due): the worker was the bottleneck, and not the server",
			o.Name, name, lag.Milliseconds()))
	}
}

// judgeWorker looks at whether the worker had the processor time that it needed.
func (v *Verdict) judgeWorker(d *Document) {
	use, took := d.Resources.Worker, d.Finished.Sub(d.Started).Seconds()
	if use == nil || took < 1 {
		return
	}
	if throttled := use.ThrottledSeconds; throttled != nil && *throttled > mostThrottled*took {
		v.add(Invalid, fmt.Sprintf("the worker was held back by its CPU limit of %d m for %.0f s of %.0f s: give it more CPU",
			use.CPULimitMilli, *throttled, took))
	} else if share := use.CPUSeconds / took * 1000 / float64(max(use.CPULimitMilli, 1)); share > mostCPU {
		v.add(Invalid, fmt.Sprintf("the worker used %.0f %% of the CPU that it has (%d m): it was the bottleneck, and not the server",
			100*share, use.CPULimitMilli))
	}
}

// judgeCache looks at whether tasks did any work.
func (v *Verdict) judgeCache(e Entry) {
	tasks, cached := e.Figure(MetricTasks).Sum(), e.Figure(MetricCachedTasks).Sum()
	if float64(cached) > mostCached*float64(tasks) {
		v.add(Invalid, fmt.Sprintf("%s: %d of %d tasks were served from KFP's cache and did no work; say \"caching\": false, or true if that is what is to be measured",
			e.Name(), cached, tasks))
	}
}

// judgeRuns looks at whether the runs that have a duration stand for all.
func (v *Verdict) judgeRuns(e Entry) {
	c := e.Counts
	if started := c.Succeeded + c.Failed + c.Unfinished; e.MakesRuns() && c.Succeeded > 0 &&
		float64(c.Unfinished) > mostUnfinished*float64(started) {
		v.add(Invalid, fmt.Sprintf("%s: %d of %d runs had not ended when the waiting did, so that the slowest are missing from the durations; raise the drain",
			e.Name(), c.Unfinished, started))
	}
	impossible := 0
	for _, r := range e.Runs {
		if r.Impossible > 0 {
			impossible++
		}
	}
	if float64(impossible) > mostImpossible*float64(len(e.Runs)) {
		v.add(Invalid, fmt.Sprintf("%s: %d of %d runs have times that cannot be, such as an end before a start: look at the clocks of KFP's nodes",
			e.Name(), impossible, len(e.Runs)))
	}
}
