package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// Duration writes a time of our own clock as a person would: "840 µs", "4.2 ms", "210 ms", "2.1 s",
// "41 s", "1 min 12 s", "2 h 5 min". It rounds; a negative time is zero.
func Duration(d time.Duration) string {
	switch d = max(d, 0); {
	case d == 0:
		return "0 s"
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 9950*time.Microsecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d.Round(time.Millisecond) < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < 9950*time.Millisecond:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return seconds(d)
}

// seconds writes a time that has no fractions of a second, such as those of the server.
func seconds(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	switch whole := int(d.Seconds()); {
	case whole < 60:
		return fmt.Sprintf("%d s", whole)
	case whole < 3600:
		return strings.TrimSuffix(fmt.Sprintf("%d min %d s", whole/60, whole%60), " 0 s")
	default:
		minutes := int(d.Round(time.Minute).Minutes())
		return strings.TrimSuffix(fmt.Sprintf("%d h %d min", minutes/60, minutes%60), " 0 min")
	}
}

// between writes a range and names a unit only once.
func between(low, high string) string {
	if low == high {
		return low
	}
	number, unit, _ := strings.Cut(low, " ")
	if _, highUnit, _ := strings.Cut(high, " "); unit == highUnit {
		low = number
	}
	return low + " … " + high
}

// amount writes a whole number of a unit.
func amount(n int64, unit result.Unit) string {
	switch unit {
	case result.Seconds:
		return seconds(time.Duration(n) * time.Second)
	case result.Percent:
		return fmt.Sprintf("%d %%", n)
	}
	return strconv.FormatInt(n, 10)
}

// spread is the range of a distribution.
func spread(w metrics.Whole, unit result.Unit) string {
	if w.Count() == 0 {
		return "–"
	}
	return between(amount(w.Min(), unit), amount(w.Max(), unit))
}

// percentiles is the median and the 95th percentile of a distribution, or how many figures it would take.
func percentiles(w metrics.Whole, unit result.Unit) string {
	median, medianOK := w.Quantile(0.50)
	high, highOK := w.Quantile(0.95)
	switch {
	case !medianOK:
		return fmt.Sprintf("need %d, %d", metrics.Needed(0.50), metrics.Needed(0.95))
	case !highOK:
		return fmt.Sprintf("%s, needs %d", amount(median, unit), metrics.Needed(0.95))
	}
	return amount(median, unit) + ", " + amount(high, unit)
}

func number(n int) string { return strconv.Itoa(n) }
