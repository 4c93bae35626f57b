package result

import (
	"math"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// RunMetric is a figure that single runs have. A new one is one element of RunMetrics and one row in
// docs/metrics.md; the result, its schema and the report take it from here.
type RunMetric struct {
	// Name is that of the document and of reports.
	Name string
	Unit Unit
	// Seen says that the figure depends on when this tool looked, and is as coarse as its looks are apart.
	Seen bool
	// Of returns the figure of a run that counts, in whole Units. It is not known where the server told too
	// little.
	Of func(Run) (value int64, known bool)
	// Failed says that runs of every terminal state count, and not only those that succeeded.
	Failed bool
}

// Unit is what a figure is counted in.
type Unit string

// The units of figures of runs.
const (
	Seconds Unit = "s"
	Percent Unit = "%"
	Number  Unit = "1"
)

// The names of the figures that more than a list of all is made of.
const (
	MetricDuration     = "duration"
	MetricQueue        = "queue"
	MetricScheduleLag  = "scheduleLag"
	MetricTasks        = "tasks"
	MetricCachedTasks  = "cachedTasks"
	MetricRetriedTasks = "retriedTasks"
)

// RunMetrics returns the figures of runs, in the order in which they are shown.
func RunMetrics() []RunMetric {
	stage := func(of func(Stages) int64) func(Run) (int64, bool) {
		return func(r Run) (int64, bool) {
			if r.Stages == nil {
				return 0, false
			}
			return of(*r.Stages), true
		}
	}
	return []RunMetric{
		{Name: MetricDuration, Unit: Seconds, Of: func(r Run) (int64, bool) { return between(r.ServerCreated, r.ServerFinished) }},
		{Name: MetricQueue, Unit: Seconds, Of: stage(func(s Stages) int64 { return s.Queue })},
		{Name: "drivers", Unit: Seconds, Of: stage(func(s Stages) int64 { return s.Drivers })},
		{Name: "executors", Unit: Seconds, Of: stage(func(s Stages) int64 { return s.Executors })},
		{Name: "scheduling", Unit: Seconds, Of: stage(func(s Stages) int64 { return s.Scheduling })},
		{Name: "unattributed", Unit: Seconds, Of: stage(func(s Stages) int64 { return s.Unattributed })},
		{Name: "overhead", Unit: Percent, Of: overhead},
		{Name: "persistence", Unit: Seconds, Of: func(r Run) (int64, bool) { return between(r.ServerFinished, r.Persisted) }},
		{Name: "detection", Unit: Seconds, Seen: true, Of: func(r Run) (int64, bool) { return orUnknown(r.DetectionSeconds) }},
		{Name: MetricScheduleLag, Unit: Seconds, Failed: true, Of: scheduleLag},
		{Name: MetricTasks, Unit: Number, Failed: true, Of: func(r Run) (int64, bool) { return orUnknown(r.Tasks) }},
		{Name: MetricCachedTasks, Unit: Number, Failed: true, Of: func(r Run) (int64, bool) { return orUnknown(r.CachedTasks) }},
		{Name: MetricRetriedTasks, Unit: Number, Failed: true, Of: func(r Run) (int64, bool) { return orUnknown(r.RetriedTasks) }},
	}
}

// between returns the seconds from one moment of the server's to another.
func between(from, to time.Time) (int64, bool) {
	if from.IsZero() || to.IsZero() {
		return 0, false
	}
	return int64(to.Sub(from) / time.Second), true
}

func orUnknown(figure *int64) (int64, bool) {
	if figure == nil {
		return 0, false
	}
	return *figure, true
}

// overhead is the share of a run's time in which none of the user's steps on the critical path ran.
func overhead(r Run) (int64, bool) {
	duration, known := between(r.ServerCreated, r.ServerFinished)
	if !known || duration <= 0 || r.Stages == nil {
		return 0, false
	}
	return int64(math.Round(100 - 100*float64(r.Stages.Executors)/float64(duration))), true
}

// scheduleLag is how long after its tick a run by schedule was created.
func scheduleLag(r Run) (int64, bool) {
	lag, known := between(r.Tick, r.ServerCreated)
	return max(lag, 0), known
}

// Distribution is a figure of the runs of an entry.
type Distribution struct {
	Name string `json:"name"`
	Unit Unit   `json:"unit"`
	// Resolution is how far the figure of a single run may be off; null of what is no time.
	Resolution *scenario.Duration `json:"resolution"`
	// Values are the figures of the runs that have one.
	Values metrics.Whole `json:"values"`
	// Unknown counts the runs of which the server told too little.
	Unknown int64 `json:"unknown"`
	// Trend is whether the figure grows with the order in which the runs were asked for; only of seconds.
	Trend *metrics.Trend `json:"trend,omitempty"`
}

// Figures gather the distributions of runs. The zero value is ready; it is not safe for concurrent use.
type Figures struct {
	// metrics are what is gathered; nil stands for RunMetrics.
	metrics []RunMetric
	byName  map[string]*Distribution
}

func (f *Figures) gathered() []RunMetric {
	if f.metrics == nil {
		return RunMetrics()
	}
	return f.metrics
}

// Add takes a run that has ended, unless it was of the warm-up.
func (f *Figures) Add(r Run) {
	if r.WarmUp || r.Terminal.IsZero() {
		return
	}
	for _, m := range f.gathered() {
		if r.State != Succeeded && !m.Failed || m.Name == MetricScheduleLag && r.RecurringRun == "" {
			continue
		}
		d := f.of(m)
		value, known := m.Of(r)
		if !known {
			d.Unknown++
			continue
		}
		d.Values.Add(value)
		if d.Trend != nil {
			d.Trend.Add(r.Slot, float64(value))
		}
	}
}

func (f *Figures) of(m RunMetric) *Distribution {
	if f.byName == nil {
		f.byName = map[string]*Distribution{}
	}
	d := f.byName[m.Name]
	if d == nil {
		d = &Distribution{Name: m.Name, Unit: m.Unit}
		if m.Unit == Seconds {
			d.Trend = &metrics.Trend{}
		}
		f.byName[m.Name] = d
	}
	return d
}

// Clone returns an independent copy.
func (f *Figures) Clone() *Figures {
	clone := &Figures{metrics: f.metrics, byName: map[string]*Distribution{}}
	for name, d := range f.byName {
		independent := *d
		independent.Values = d.Values.Clone()
		if d.Trend != nil {
			trend := *d.Trend
			independent.Trend = &trend
		}
		clone.byName[name] = &independent
	}
	return clone
}

// serverResolution is that of KFP's clock.
const serverResolution = time.Second

// Distributions returns what was gathered, in the order of the metrics; poll is how far apart looks at a run were.
func (f *Figures) Distributions(poll time.Duration) []Distribution {
	var all []Distribution
	for _, m := range f.gathered() {
		d := f.byName[m.Name]
		if d == nil {
			continue
		}
		if m.Unit == Seconds {
			resolution := scenario.Duration(serverResolution)
			if m.Seen {
				resolution += scenario.Duration(poll)
			}
			d.Resolution = &resolution
		}
		all = append(all, *d)
	}
	return all
}
