package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// Beside writes the results of several namespaces side by side: a table an entry with a row a namespace, how fair
// the server was to those that share it, and what is doubtful. The whole of each namespace is in its file, of which
// there is one an item; empty where none was written. It is as safe for a terminal as Text is.
func Beside(w io.Writer, l *result.List, files []string) error {
	var out bytes.Buffer
	writeVerdicts(&out, l)
	for place, asked := range l.Items[0].Scenario.Entries {
		e := result.Entry{Index: place, Mode: asked.Mode, Title: asked.Name}
		t := tenantTable(l, e)
		if len(t.rows) == 0 {
			continue // none of its namespaces has a result
		}
		t.write(&out)
		for _, line := range fairnessLines(l, e) {
			fmt.Fprintf(&out, "  %s\n", line)
		}
	}
	outcomesBeside(l).write(&out)
	writeDoubts(&out, l)
	for i, file := range files {
		switch {
		case file == "":
			continue
		case i == 0:
			fmt.Fprintln(&out)
		}
		fmt.Fprintf(&out, "  result  %s  %s\n", file, l.Items[i].Place())
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing the summary: %w", err)
	}
	return nil
}

// writeVerdicts begins with the answer.
func writeVerdicts(out *bytes.Buffer, l *result.List) {
	symbol := "✗"
	if l.Verdict.Status == result.Passed {
		symbol = "✓"
	}
	var entries []result.Entry
	began, ended := l.Items[0].Started, l.Items[0].Finished
	for _, d := range l.Items {
		entries = append(entries, d.Entries...)
		if d.Started.Before(began) {
			began = d.Started
		}
		if d.Finished.After(ended) {
			ended = d.Finished
		}
	}
	slices.SortStableFunc(entries, func(a, b result.Entry) int { return a.Index - b.Index })
	fmt.Fprintf(out, "%s run %s %s in %d namespaces after %s: %s succeeded\n", symbol, l.RunID, l.Verdict.Status, len(l.Namespaces),
		Duration(ended.Sub(began)), achieved(entries))
	for _, reason := range l.Verdict.Reasons {
		fmt.Fprintf(out, "  %s\n", reason)
	}
	if apart := l.StartedApartSeconds; apart != nil {
		fmt.Fprintf(out, "  they started %s apart\n", Duration(since(*apart)))
	}
}

// outcomesBeside has one row a threshold and, of those of entries, a namespace.
func outcomesBeside(l *result.List) *table {
	t := &table{head: []string{"threshold", "namespace", "measured"}}
	add := func(o result.Outcome, namespace string) {
		subject := o.Threshold.Text
		if o.Entry > 0 {
			subject = fmt.Sprintf("%d %s", o.Entry, subject)
		}
		t.rows = append(t.rows, []string{mark(o) + " " + subject, namespace, measured(o)})
	}
	for _, o := range l.Thresholds {
		add(o, "all")
	}
	for _, d := range l.Items {
		for _, o := range d.Thresholds {
			add(o, d.Place())
		}
	}
	return t
}

// writeDoubts writes what is doubtful: once what is so in all namespaces, the rest with the name of its own.
func writeDoubts(out *bytes.Buffer, l *result.List) {
	doubts := func(d *result.Document) []string {
		var lines []string
		for _, doubt := range slices.Concat(errorLines(d.API), runLines(d), d.Warnings, leftLines(d)) {
			lines = append(lines, "! "+doubt)
		}
		for _, gap := range d.NotMeasured {
			lines = append(lines, fmt.Sprintf("? %s not measured: %s", gap.What, gap.Why))
		}
		return lines
	}
	times := map[string]int{}
	for _, d := range l.Items {
		for _, line := range doubts(d) {
			times[line]++
		}
	}
	if len(times) > 0 {
		fmt.Fprintln(out)
	}
	for i, d := range l.Items {
		for _, line := range doubts(d) {
			switch everywhere := times[line] == len(l.Items); {
			case everywhere && i == 0:
				fmt.Fprintf(out, "  %s\n", line)
			case !everywhere:
				fmt.Fprintf(out, "  %s %s: %s\n", line[:1], d.Place(), line[2:])
			}
		}
	}
}
