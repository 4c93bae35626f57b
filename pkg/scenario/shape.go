package scenario

// Shape is how an entry's work is spread over time: exactly one of InFlight, Rate and Stages is given.
type Shape struct {
	// InFlight clients work in a closed loop until RunTime: each does the next piece of work as soon as
	// its last has ended. 0 when not given.
	InFlight int `json:"inFlight,omitempty"`
	// Rate starts work in an open loop, whatever the work takes. 0 when not given.
	Rate Rate `json:"rate,omitempty"`
	// Stages change the figure linearly, from that of the stage before (0 before the first) to the
	// stage's own. All stages name a rate, or all name a number in flight.
	Stages []Stage `json:"stages,omitempty"`
	// Arrivals of an open loop; empty means Constant.
	Arrivals Arrivals `json:"arrivals,omitempty"`
	// MaxInFlight drops, and counts, what an open loop would start while so many are at work; 0 means no
	// bound.
	MaxInFlight int `json:"maxInFlight,omitempty"`
}

// Stage is one stretch of a load that changes.
type Stage struct {
	// For is how long the stage lasts.
	For Duration `json:"for"`
	// Rate is reached at the stage's end; nil in a closed loop.
	Rate *Rate `json:"rate,omitempty"`
	// InFlight is reached at the stage's end; nil in an open loop.
	InFlight *int `json:"inFlight,omitempty"`
}

// Open reports whether work starts on a schedule, and not when other work ends.
func (s *Shape) Open() bool { return s.Rate > 0 || len(s.Stages) > 0 && s.Stages[0].Rate != nil }

// Rate is how much work starts each second. In a file it is a text such as "5/s", "300/m" or "0.5/s".
type Rate float64

// Arrivals is how the work of an open loop is spaced.
type Arrivals string

// The arrivals of an open loop.
const (
	// Constant spaces work evenly.
	Constant Arrivals = "constant"
	// Poisson spaces it as the requests of many independent people are: at random, with the rate's mean.
	Poisson Arrivals = "poisson"
)

// WarmUp is the part of an entry that is measured but not counted: exactly one of the two is given. In a
// file it is a duration such as "30s" or a whole number of pieces of work.
type WarmUp struct {
	// Time from the entry's start on.
	Time Duration
	// Count of pieces of work.
	Count int
}

// Reads is the mix of RANDOM_GETS.
type Reads struct {
	// Weights is how often each operation is called in relation to the others, by its name such as
	// ListRuns. Operations that are left out are not called.
	// None at all means the default mix.
	Weights map[string]float64 `json:"weights,omitempty"`
	// PageSizes are chosen from at random for lists, 1 to 200 each.
	PageSizes []int `json:"pageSizes,omitempty"`
	// PageDepths are chosen from at random: how many pages of a list are read one after the other.
	PageDepths []int `json:"pageDepths,omitempty"`
}

// Threshold is a condition on the result. In a file it is a text such as
// "api.CreateRun.response.p99 < 500ms", "runs.success >= 99%" or "run.duration.p95 < 2m".
type Threshold struct {
	// Text is the condition as the file has it.
	Text string
	// Subject is what is judged: "api", "runs", "run" or "ticks".
	Subject string
	// Operation is the API operation of subject api.
	Operation string
	// Measure is the distribution, share or count: response, service, lag, errors, success, duration, …
	Measure string
	// Statistic of a distribution: min, max, mean, or a percentile such as p99.9; empty for a share and a
	// count.
	Statistic string
	// Quantile is the percentile as a fraction, 0 for other statistics.
	Quantile float64
	// Compare is one of <, <=, >, >= and ==.
	Compare string
	// Value is in seconds for a duration, a fraction where the text has a percentage, else a number of
	// things.
	Value float64
	// Percent says that the text has a percentage.
	Percent bool
}
