// Package report turns a result into what people read. It computes no figure that the result does not
// support: where there are too few samples for a percentile, it says how many are needed. It refuses to
// judge (the result has its verdict) and to compare.
package report

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// percentile is one that the text shows.
type percentile struct {
	name string
	q    float64
}

func shownPercentiles() []percentile {
	return []percentile{{"p50", 0.50}, {"p95", 0.95}, {"p99", 0.99}}
}

// Text writes the summary of a run: its verdict, a row for each entry, a row for each API operation, and
// what is doubtful. It is 80 columns wide as long as the figures are small, and has no colour. Strings of
// the scenario and the server are written as they are: a caller with a terminal strips their control
// characters. file is where the result was written, empty when nowhere.
func Text(w io.Writer, d *result.Document, file string) error {
	var out bytes.Buffer
	writeVerdict(&out, d)
	entryTable(d).write(&out)
	scheduleTable(d).write(&out)
	stageTable(d).write(&out)
	operationTable(d).write(&out)
	loadTable(d).write(&out)
	resourceTable(d).write(&out)
	thresholdTable(d).write(&out)
	for i, line := range slices.DeleteFunc([]string{environmentLine(d), followLine(d), keptLine(d)}, func(l string) bool { return l == "" }) {
		if i == 0 {
			fmt.Fprintln(&out)
		}
		fmt.Fprintf(&out, "  %s\n", line)
	}
	for _, doubt := range slices.Concat(errorLines(d.API), runLines(d), d.Warnings, leftLines(d)) {
		fmt.Fprintf(&out, "  ! %s\n", doubt)
	}
	for _, gap := range d.NotMeasured {
		fmt.Fprintf(&out, "  ? %s not measured: %s\n", gap.What, gap.Why)
	}
	if file != "" {
		fmt.Fprintf(&out, "\n  result  %s\n", file)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// writeVerdict begins with the answer.
func writeVerdict(out *bytes.Buffer, d *result.Document) {
	symbol := "✗"
	if d.Verdict.Status == result.Passed {
		symbol = "✓"
	}
	fmt.Fprintf(out, "%s run %s %s after %s: %s succeeded\n",
		symbol, d.RunID, d.Verdict.Status, Duration(d.Finished.Sub(d.Started)), achieved(d.Entries))
	for _, reason := range d.Verdict.Reasons {
		fmt.Fprintf(out, "  %s\n", reason)
	}
}

// operationTable has one row an API operation.
func operationTable(d *result.Document) *table {
	t := &table{head: []string{"API", "calls", "errors"}, right: []bool{1: true, 2: true}}
	told := slices.ContainsFunc(d.API, func(o metrics.Operation) bool { return serverMean(d, o.Name) != "" })
	for i, p := range shownPercentiles() {
		name := p.name
		if i == 0 {
			name = "response " + name
		}
		t.head = append(t.head, name)
	}
	if told {
		t.head = append(t.head, "in the server")
	}
	for _, o := range d.API {
		row := []string{o.Name, fmt.Sprint(o.Calls), fmt.Sprint(o.Failed())}
		for i, p := range shownPercentiles() {
			row = append(row, response(o.Response, p.q, i == 0))
		}
		if told {
			row = append(row, serverMean(d, o.Name))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// serverMean is how long the server itself says that calls of an operation took on average, ours and those of
// others; empty when it does not say.
func serverMean(d *result.Document, operation string) string {
	var calls, sum float64
	for _, c := range d.ServerCounts {
		if c.Name == "grpc_server_handling_seconds" && c.Labels["grpc_method"] == operation && c.SumSeconds != nil {
			calls, sum = calls+c.Count, sum+*c.SumSeconds
		}
	}
	if calls == 0 {
		return ""
	}
	return Duration(time.Duration(sum / calls * float64(time.Second)))
}

// response is a percentile of an operation's latency. Where the samples do not support the first column,
// their range stands in it.
func response(h metrics.Histogram, q float64, first bool) string {
	if value, ok := h.Quantile(q); ok {
		return Duration(value)
	}
	switch {
	case h.Count() == 0 && first:
		return "no answer"
	case h.Count() == 0:
		return ""
	case first:
		return between(Duration(h.Min()), Duration(h.Max()))
	}
	return fmt.Sprintf("needs %d", metrics.Needed(q))
}

// errorLines tell how the calls of each operation failed, the most frequent class first.
func errorLines(operations []metrics.Operation) []string {
	var lines []string
	for _, o := range operations {
		classes := slices.SortedFunc(maps.Keys(o.Errors), func(a, b string) int {
			if o.Errors[a] != o.Errors[b] {
				return int(o.Errors[b] - o.Errors[a])
			}
			return strings.Compare(a, b)
		})
		var parts []string
		for _, class := range classes {
			parts = append(parts, fmt.Sprintf("%d × %s", o.Errors[class], class))
		}
		if len(parts) > 0 {
			lines = append(lines, o.Name+" failed: "+strings.Join(parts, ", "))
		}
	}
	return lines
}
