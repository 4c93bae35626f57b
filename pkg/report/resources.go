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
	t := &table{
		head:  []string{"used", "pods", "CPU mean", "max", "limit", "memory max", "limit", "restarts"},
		right: []bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true},
	}
	if w := d.Resources.Worker; w != nil {
		t.rows = append(t.rows, []string{
			"this tool", "", cpu(w.CPUMilli.Mean()), cpu(w.CPUMilli.Max()), cpu(w.CPULimitMilli),
			size(w.MemoryBytes.Max()), limit(w.MemoryLimitBytes, size), "",
		})
	}
	for _, c := range d.Resources.Components {
		t.rows = append(t.rows, []string{
			c.Name, number(c.Pods), level(c.CPUMilli, c.CPUMilli.Mean(), cpu), level(c.CPUMilli, c.CPUMilli.Max(), cpu), limit(c.CPULimitMilli, cpu),
			level(c.MemoryBytes, c.MemoryBytes.Max(), size), limit(c.MemoryLimitBytes, size), number(c.Restarts),
		})
	}
	return t
}

// level writes a figure of a gauge that was looked at.
func level(g metrics.Gauge, figure int64, write func(int64) string) string {
	if g.Count() == 0 {
		return "–"
	}
	return write(figure)
}

func limit(n *int64, write func(int64) string) string {
	if n == nil {
		return "none"
	}
	return write(*n)
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
		parts = append(parts, fmt.Sprintf("%d nodes", n))
	}
	if e.Clock != nil && e.Clock.Known() {
		offset, uncertainty := e.Clock.Ahead()
		parts = append(parts, fmt.Sprintf("server's clock %+.1f s (±%.1f s)", offset.Seconds(), uncertainty.Seconds()))
	}
	if d.Follow.Looks > 0 {
		parts = append(parts, fmt.Sprintf("%d looks at runs, %.2g/s", d.Follow.Looks, d.Follow.PerSecond))
	}
	return strings.Join(parts, " · ")
}
