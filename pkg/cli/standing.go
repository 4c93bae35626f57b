package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// A bar's width, and the columns from which on a terminal has room for a wider one and for the names of
// pipelines. The width does not depend on the counts: a bar that changes its length tells nothing.
const (
	narrowBar = 10
	wideBar   = 20
	roomy     = 110
)

// liveLines are the lines of a terminal, at most columns wide: the clock, the entry, a bar, the counts.
func liveLines(elapsed time.Duration, entries []handoff.EntryProgress, columns int) []string {
	names, widest := make([]string, len(entries)), 0
	for i, e := range entries {
		names[i] = entryName(e, columns >= roomy)
		widest = max(widest, columnsOf(names[i]))
	}
	lines := make([]string, len(entries))
	for i, e := range entries {
		at := clock(elapsed)
		if i > 0 {
			at = strings.Repeat(" ", len(at))
		}
		start := "  " + at + "  " + names[i] + strings.Repeat(" ", widest-columnsOf(names[i])) + "  "
		lines[i] = liveLine(start, e, columns)
	}
	return lines
}

// liveLine appends a bar and as many counts as there is room for.
func liveLine(start string, e handoff.EntryProgress, columns int) string {
	width := narrowBar
	if columns >= roomy {
		width = wideBar
	}
	parts := standing(e)
	if !started(e) || e.Total == 0 || columnsOf(start+parts[0])+width+2 > columns {
		return cut(start+strings.Join(parts, "  "), columns)
	}
	line := start + bar(e, width)
	for _, part := range parts {
		if columnsOf(line+part)+2 > columns {
			break
		}
		line += "  " + part
	}
	return line
}

// plainLine says of one entry, without a terminal, what a bar and its counts say.
func plainLine(elapsed time.Duration, e handoff.EntryProgress) string {
	return fmt.Sprintf("  %s  %s  %s", clock(elapsed), entryName(e, true), strings.Join(standing(e), "  "))
}

// entryName is what an entry is called in the progress.
func entryName(e handoff.EntryProgress, withPipeline bool) string {
	name := fmt.Sprintf("#%d %s", e.Entry+1, e.Mode)
	if e.Namespace != "" {
		name += " " + e.Namespace
	}
	if withPipeline && e.Pipeline != "" {
		name += " " + e.Pipeline
	}
	return printable(name)
}

// standing says where an entry stands, the most important first.
func standing(e handoff.EntryProgress) []string {
	if e.Failure != "" {
		return []string{"failed: " + printable(e.Failure)}
	}
	if !started(e) {
		return []string{printable(e.Phase)}
	}
	return e.Standing(report.Duration)
}

// started reports whether an entry is past its preparations.
func started(e handoff.EntryProgress) bool {
	phase := workload.Phase(e.Phase)
	return e.Failure == "" && phase != workload.Waiting && phase != workload.Preparing
}

// bar shows the shares of an entry's runs: ended, in flight, and still to come.
func bar(e handoff.EntryProgress, width int) string {
	total := max(e.Total, 1)
	ended := min(e.Ended()*width/total, width)
	sent := min((e.Ended()+e.InFlight)*width/total, width)
	return strings.Repeat("█", ended) + strings.Repeat("▒", sent-ended) + strings.Repeat("░", width-sent)
}

// clock is elapsed time as minutes and seconds, with hours where there are any.
func clock(elapsed time.Duration) string {
	seconds := int(elapsed.Seconds())
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%02d:%02d", seconds/60, seconds%60)
}
