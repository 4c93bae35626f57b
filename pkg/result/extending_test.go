package result

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestTheExampleOfThePageIsTheFile(t *testing.T) {
	page, err := os.ReadFile("../../docs/extending.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("example_metric_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(page), "`pkg/result/example_metric_test.go`:\n\n```go\n")
	if block, _, _ = strings.Cut(block, "```\n"); block != string(file) {
		t.Errorf("docs/extending.md shows\n%s\nand the file is\n%s", block, file)
	}
}

// TestTheExampleIsGathered has nothing but the example: what comes out of it is there already.
func TestTheExampleIsGathered(t *testing.T) {
	f := &Figures{metrics: append(RunMetrics(), untilRunning())}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for slot := range 80 {
		r := Run{Slot: slot, State: Succeeded, Created: at, Running: at.Add(time.Duration(slot/4) * time.Second), Terminal: at.Add(time.Hour)}
		if slot%8 == 7 {
			r.Running = time.Time{} // it had ended when it was first seen
		}
		f.Add(r)
	}
	f = f.Clone()
	f.Add(Run{State: "FAILED", Created: at, Running: at.Add(time.Hour), Terminal: at.Add(time.Hour)})
	all := f.Distributions(2 * time.Second)
	d := all[len(all)-1]
	if d.Name != "untilRunning" || d.Unit != Seconds || *d.Resolution != scenario.Duration(3*time.Second) {
		t.Fatalf("%+v", d)
	}
	if d.Values.Count() != 70 || d.Values.Max() != 19 || d.Unknown != 10 {
		t.Errorf("values %+v, %d unknown", d.Values, d.Unknown)
	}
	if median, ok := d.Values.Quantile(0.5); !ok || median != 9 {
		t.Errorf("median %d", median)
	}
	if slope, half, ok := d.Trend.Per100(); !ok || slope < 24 || slope > 26 || half > 1 {
		t.Errorf("%g ± %g a hundred", slope, half)
	}
	e := Entry{Figures: all}
	if e.Figure("untilRunning").Count() != 70 {
		t.Error("the entry does not have it by its name")
	}
}
