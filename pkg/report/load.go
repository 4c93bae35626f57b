package report

import (
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// loadTable tells of each entry how much was meant to be sent, and how much was.
func loadTable(d *result.Document) *table {
	t := &table{head: []string{"load", "planned", "sent", "dropped", "most in flight"}, right: []bool{1: true, 2: true, 3: true}}
	for _, e := range d.Entries {
		planned, sent, during := e.Load.Sending()
		if planned == 0 {
			continue
		}
		peak, at := e.Load.Peak()
		t.rows = append(t.rows, []string{
			fmt.Sprintf("%d over %s", e.Index+1, seconds(during)), perSecond(planned, during), perSecond(sent, during),
			number(e.Counts.Dropped), fmt.Sprintf("%.3g at %s", peak, seconds(at)),
		})
	}
	return t
}

// perSecond is a number, and what it is a second where it went on for longer.
func perSecond(n int64, during time.Duration) string {
	if during < 2*time.Second {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d, %.3g/s", n, float64(n)/during.Seconds())
}
