package report

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// thresholdTable has one row a threshold: whether it is met, and what was measured.
func thresholdTable(d *result.Document) *table {
	t := &table{head: []string{"threshold", "measured"}}
	for _, o := range d.Thresholds {
		subject := o.Threshold.Text
		if o.Entry > 0 && len(d.Entries) > 1 {
			subject = fmt.Sprintf("%d %s", o.Entry, subject)
		}
		t.rows = append(t.rows, []string{mark(o) + " " + subject, measured(o)})
	}
	return t
}

func mark(o result.Outcome) string {
	switch {
	case o.Value == nil:
		return "?"
	case o.Met:
		return "✓"
	}
	return "✗"
}

// measured writes a value in the unit of its threshold.
func measured(o result.Outcome) string {
	switch {
	case o.Value == nil:
		return o.Doubt
	case o.Threshold.Percent:
		return percent(*o.Value)
	case o.Threshold.Statistic != "" && o.Threshold.Subject != "api":
		return seconds(time.Duration(*o.Value * float64(time.Second))) // the server's clock has no fractions
	case o.Threshold.Statistic != "":
		return Duration(time.Duration(*o.Value * float64(time.Second)))
	}
	return strconv.FormatFloat(*o.Value, 'f', -1, 64)
}

// percent writes a fraction with as many digits as tell it from none and from all.
func percent(fraction float64) string {
	for digits := range 10 {
		text := strconv.FormatFloat(100*fraction, 'f', digits, 64)
		shown, err := strconv.ParseFloat(text, 64)
		if err != nil || fraction == 0 || fraction == 1 || shown != 0 && shown != 100 {
			return text + " %"
		}
	}
	return strconv.FormatFloat(100*fraction, 'g', 3, 64) + " %"
}
