package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// achieved counts what succeeded by the kind of work: "2 of 2 runs, 950 of 951 reads".
func achieved(entries []result.Entry) string {
	var kinds []string
	counts := map[string]result.Counts{}
	for _, e := range entries {
		kind := e.Work()
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
		counts[kind] = counts[kind].Plus(e.Counts)
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d of %d %s", counts[kind].Succeeded, counts[kind].Planned, kind)
	}
	return strings.Join(kinds, ", ")
}

// column is one of the entries' table that counts something.
type column struct {
	head  string
	count func(result.Counts) int
	// seldom columns are left out when all their counts are zero.
	seldom bool
}

func columns(work string) []column {
	return []column{
		{head: work, count: func(c result.Counts) int { return c.Planned }},
		{head: "ok", count: func(c result.Counts) int { return c.Succeeded }},
		{head: "failed", count: func(c result.Counts) int { return c.Failed }},
		{head: "unfinished", count: func(c result.Counts) int { return c.Unfinished }},
		{head: "errors", count: func(c result.Counts) int { return c.Errors }},
		{head: "dropped", count: func(c result.Counts) int { return c.Dropped }, seldom: true},
		{head: "not started", count: func(c result.Counts) int { return c.NotStarted }, seldom: true},
	}
}

// entryTable has one row an entry, and one more for what it did to warm up.
func entryTable(d *result.Document) *table {
	work := result.Entry{}.Work()
	if slices.ContainsFunc(d.Entries, func(e result.Entry) bool { return !e.MakesRuns() }) {
		work = "work"
	}
	shown := slices.DeleteFunc(columns(work), func(c column) bool {
		return c.seldom && !slices.ContainsFunc(d.Entries, func(e result.Entry) bool { return c.count(e.Counts) > 0 })
	})
	t := &table{head: []string{"entry"}, right: []bool{false}}
	for _, c := range shown {
		t.head, t.right = append(t.head, c.head), append(t.right, true)
	}
	t.head = append(t.head, "duration", "p50, p95")
	row := func(name string, counts result.Counts) []string {
		cells := []string{name}
		for _, c := range shown {
			cells = append(cells, number(c.count(counts)))
		}
		return cells
	}
	for _, e := range d.Entries {
		cells := row(entryName(e), e.Counts)
		if durations := e.Figure(result.MetricDuration); e.MakesRuns() {
			cells = append(cells, spread(durations, result.Seconds), percentiles(durations, result.Seconds))
		}
		t.rows = append(t.rows, cells)
		if e.WarmUp != nil {
			t.rows = append(t.rows, append(row("  warm-up", e.WarmUp.Counts), "not counted"))
		}
	}
	return t
}

func entryName(e result.Entry) string {
	name := fmt.Sprintf("%d %s", e.Index+1, e.Mode)
	if e.Title != "" {
		name += " " + e.Title
	}
	return name
}

// scheduleTable has one row an entry that made runs by schedule.
func scheduleTable(d *result.Document) *table {
	t := &table{
		head:  []string{"schedule", "cron", "ticks", "missed", "double", "late", "lag", "p50, p95"},
		right: []bool{2: true, 3: true, 4: true, 5: true},
	}
	for _, e := range d.Entries {
		s := e.Schedule
		if s == nil {
			continue
		}
		lags := e.Figure(result.MetricScheduleLag)
		t.rows = append(t.rows, []string{
			fmt.Sprintf("%d × %d", e.Index+1, s.RecurringRuns), s.Cron, number(s.Expected), number(s.Missed), number(s.Double),
			number(s.Late), spread(lags, result.Seconds), percentiles(lags, result.Seconds),
		})
	}
	return t
}
