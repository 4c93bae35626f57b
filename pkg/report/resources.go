package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// resourceTable has a row for this tool and one for each component of KFP.
func resourceTable(d *result.Document) *table {
	t := &table{head: []string{"used", "pods", "CPU mean … max", "memory max", "restarts"}, right: []bool{1: true, 4: true}}
	if w := d.Resources.Worker; w != nil {
		t.rows = append(t.rows, []string{
			"this tool", "", used(w.CPUMilli, &w.CPULimitMilli, cpu), highest(w.MemoryBytes, w.MemoryLimitBytes), "",
		})
	}
	for _, c := range d.Resources.Components {
		t.rows = append(t.rows, []string{
			c.Name, number(c.Pods), used(c.CPUMilli, c.CPULimitMilli, cpu), highest(c.MemoryBytes, c.MemoryLimitBytes), number(c.Restarts),
		})
	}
	return t
}

// used is the range from a level's mean to its maximum, and what it may be.
func used(g metrics.Gauge, most *int64, write func(int64) string) string {
	if g.Count() == 0 {
		return "–"
	}
	return of(between(write(g.Mean()), write(g.Max())), most, write)
}

// highest is the most memory that was in use, and what it may be.
func highest(g metrics.Gauge, most *int64) string {
	if g.Count() == 0 {
		return "–"
	}
	return of(size(g.Max()), most, size)
}

// of adds the limit to a figure, where there is one.
func of(figure string, most *int64, write func(int64) string) string {
	if most == nil {
		return figure
	}
	return figure + " of " + write(*most)
}

// cpu writes thousandths of a processor as Kubernetes does.
func cpu(milli int64) string { return fmt.Sprintf("%d m", milli) }

// size writes bytes as Kubernetes does.
func size(bytes int64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d Mi", int64(math.Round(float64(bytes)/(1<<20))))
	}
	return fmt.Sprintf("%.1f Gi", float64(bytes)/(1<<30))
}

// environmentLine tells where the run took place, as far as that is known.
func environmentLine(d *result.Document) string {
	var parts []string
	if d.Server.Version != "" {
		parts = append(parts, "KFP "+d.Server.Version)
	}
	e := d.Environment
	if e.Kubernetes != "" {
		parts = append(parts, "Kubernetes "+e.Kubernetes)
	}
	if n := len(e.Nodes); n > 0 {
		nodes := "nodes"
		if n == 1 {
			nodes = "node"
		}
		parts = append(parts, fmt.Sprintf("%d %s", n, nodes))
	}
	if e.Clock != nil && e.Clock.Known() {
		offset, uncertainty := e.Clock.Ahead()
		parts = append(parts, fmt.Sprintf("server's clock %+.1f s (±%.1f s)", offset.Seconds(), uncertainty.Seconds()))
	}
	return strings.Join(parts, " · ")
}

// followLine tells what it cost the server that its runs were followed.
func followLine(d *result.Document) string {
	if d.Follow.Looks == 0 {
		return ""
	}
	return fmt.Sprintf("the runs were followed by %d lists, %.2g a second", d.Follow.Looks, d.Follow.PerSecond)
}
