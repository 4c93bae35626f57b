package usage

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

const (
	// mostCounts bounds what goes into a result. KFP's API server has about 60 counters of its own, and one
	// for each method and code of gRPC.
	mostCounts = 500
	// mostLabels and longestLabel bound what labels may say.
	mostLabels   = 10
	longestLabel = 100
	// serverStarted is when the process began that was asked, in seconds since 1970.
	serverStarted = "process_start_time_seconds"
)

// relevant reports whether a family counts what KFP's API server did. The rest is of its language's runtime
// and of what it counts with.
func relevant(family string) bool {
	switch family {
	case "grpc_server_handled_total", "grpc_server_handling_seconds", "process_cpu_seconds_total":
		return true
	}
	return strings.Contains(family, "_server_") && strings.HasSuffix(family, "_requests") ||
		strings.HasPrefix(family, "resource_manager_")
}

// grown returns what grew between two texts in Prometheus's format, in the order of names and labels. Counts
// that another process began, after a restart or in another replica, cannot be compared with those before: then
// there is none, and the gap says why.
func grown(before, after string) ([]result.ServerCount, []result.Gap) {
	first, err := readCounts(before)
	if err != nil {
		return nil, noCounts("what KFP's API server counted before the run cannot be read: " + err.Error())
	}
	last, err := readCounts(after)
	if err != nil {
		return nil, noCounts("what KFP's API server counted after the run cannot be read: " + err.Error())
	}
	if first.started != last.started {
		return nil, noCounts("KFP's API server was restarted meanwhile, or another of its pods answered: its counts began anew")
	}
	var counts []result.ServerCount
	for _, id := range slices.Sorted(maps.Keys(last.counts)) {
		c, was := last.counts[id], first.counts[id]
		c.Count = less(c.Count, was.Count)
		if c.SumSeconds != nil && was.SumSeconds != nil {
			c.SumSeconds = onlyFinite(less(*c.SumSeconds, *was.SumSeconds))
		}
		if c.Count < 0 {
			return nil, noCounts("KFP's API server was restarted meanwhile, or another of its pods answered: its counter " +
				c.Name + " went down")
		}
		if c.Count > 0 && onlyFinite(c.Count) != nil {
			counts = append(counts, c)
		}
	}
	switch {
	case len(last.counts) == 0:
		return nil, noCounts("KFP's API server has no counter of its calls at /metrics")
	case len(counts) > mostCounts:
		return counts[:mostCounts], noCounts(fmt.Sprintf("only the first %d of %d counters are listed", mostCounts, len(counts)))
	}
	return counts, nil
}

// less subtracts to the millionth, beyond which a difference of decimal fractions is noise.
func less(a, b float64) float64 { return math.Round((a-b)*1e6) / 1e6 }

func noCounts(why string) []result.Gap { return []result.Gap{{What: whatCounts, Why: why}} }

// snapshot is what a server had counted at a moment.
type snapshot struct {
	// counts are of the relevant families, by what sorts them.
	counts map[string]result.ServerCount
	// started is when the process did, 0 when it does not say.
	started float64
}

func readCounts(text string) (snapshot, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return snapshot{}, fmt.Errorf("parsing the text of /metrics: %w", err)
	}
	s := snapshot{counts: map[string]result.ServerCount{}}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			if name == serverStarted {
				s.started = m.GetGauge().GetValue()
			}
			if c, counts := countOf(name, m); counts && relevant(name) {
				s.counts[identity(c)] = c
			}
		}
	}
	return s, nil
}

// countOf returns a metric as a count, when it is one: a gauge is not.
func countOf(family string, m *dto.Metric) (result.ServerCount, bool) {
	c := result.ServerCount{Name: printable(family, longestLabel), Labels: labels(m.GetLabel())}
	var sum float64
	switch {
	case m.GetCounter() != nil:
		c.Count = m.GetCounter().GetValue()
	case m.GetHistogram() != nil:
		c.Count, sum = float64(m.GetHistogram().GetSampleCount()), m.GetHistogram().GetSampleSum()
	case m.GetSummary() != nil:
		c.Count, sum = float64(m.GetSummary().GetSampleCount()), m.GetSummary().GetSampleSum()
	default:
		return c, false
	}
	if m.GetCounter() == nil && strings.HasSuffix(family, "_seconds") {
		c.SumSeconds = onlyFinite(sum)
	}
	return c, onlyFinite(c.Count) != nil
}

// onlyFinite returns a number that JSON has, or nil.
func onlyFinite(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return &f
}

// labels returns the first labels in the order of their names.
func labels(pairs []*dto.LabelPair) map[string]string {
	if len(pairs) == 0 {
		return nil
	}
	sorted := slices.SortedFunc(slices.Values(pairs), func(a, b *dto.LabelPair) int { return cmp.Compare(a.GetName(), b.GetName()) })
	kept := map[string]string{}
	for _, pair := range sorted[:min(len(sorted), mostLabels)] {
		kept[printable(pair.GetName(), longestLabel)] = printable(pair.GetValue(), longestLabel)
	}
	return kept
}

// identity is what a count has alone, and sorts by.
func identity(c result.ServerCount) string {
	id := c.Name
	for _, name := range slices.Sorted(maps.Keys(c.Labels)) {
		id += "\x00" + name + "\x00" + c.Labels[name]
	}
	return id
}
