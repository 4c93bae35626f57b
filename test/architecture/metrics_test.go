package architecture

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(root + "/docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rowsOf are the rows of metrics of runs in a text, by their names: unit, and the runs that the metric is of.
func rowsOf(text string) map[string]string {
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` (\\| .+? \\| .+?) \\| .+ \\| .+ \\|$").FindAllStringSubmatch(text, -1) {
		rows[row[1]] = row[2]
	}
	return rows
}

// TestEveryMetricOfRunsHasARow also finds rows of metrics that there are not.
func TestEveryMetricOfRunsHasARow(t *testing.T) {
	_, table, _ := strings.Cut(page(t, "metrics.md"), "\n## Runs\n")
	table, _, _ = strings.Cut(table, "\n\n- ")
	rows := rowsOf(table)
	for _, m := range result.RunMetrics() {
		which := "succeeded"
		if m.Failed {
			which = "ended"
		}
		if want := fmt.Sprintf("| %s | %s", m.Unit, which); rows[m.Name] != want {
			t.Errorf("docs/metrics.md has %q of %s, want %q", rows[m.Name], m.Name, want)
		}
		delete(rows, m.Name)
	}
	for name := range rows {
		t.Errorf("docs/metrics.md has a row of %s, which is no metric", name)
	}
	if row := rowsOf(page(t, "extending.md"))["untilRunning"]; row != "| s | succeeded" {
		t.Errorf("docs/extending.md shows %q, which is no row", row)
	}
}

// TestThePagesSayHowManySamplesAPercentileNeeds compares the tables with the rule.
func TestThePagesSayHowManySamplesAPercentileNeeds(t *testing.T) {
	row := "| samples |"
	for _, q := range []float64{0.5, 0.9, 0.95, 0.99, 0.999} {
		row += fmt.Sprintf(" %d |", metrics.Needed(q))
	}
	table := "| percentile | p50 | p90 | p95 | p99 | p99.9 |\n|---|---|---|---|---|---|\n" + row + "\n"
	for _, name := range []string{"metrics.md", "scenarios.md"} {
		if !strings.Contains(page(t, name), table) {
			t.Errorf("docs/%s has no table\n%s", name, table)
		}
	}
}
