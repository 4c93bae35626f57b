package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// underway are entries in every phase.
func underway() []handoff.EntryProgress {
	return []handoff.EntryProgress{
		{Mode: "PIPELINE_RUN", Pipeline: "add_numbers.yaml", Phase: "running", Total: 10, Started: 8, InFlight: 3,
			Succeeded: 4, Failed: 1, CreateMax: 210 * time.Millisecond},
		{Entry: 1, Mode: "EXPERIMENT", Pipeline: "etl.yaml", Phase: "waiting", Total: 5},
		{Entry: 2, Mode: "EXPERIMENT", Pipeline: "漢字.yaml", Phase: "preparing", Total: 5},
		{Entry: 3, Mode: "PIPELINE_RUN", Pipeline: "x.yaml", Phase: "done", Total: 2, Started: 2, Succeeded: 1, Errors: 1},
		{Entry: 4, Mode: "PIPELINE_RUN", Phase: "done", Total: 2,
			Failure: "uploading pipeline: http 400: \x1b[2J" + strings.Repeat("long ", 40)},
	}
}

func TestLiveLinesSayWhereEachEntryStands(t *testing.T) {
	for columns, want := range map[int][]string{
		40: {
			"  00:41  #1 PIPELINE_RUN  5/10 done  1 …",
			"         #2 EXPERIMENT    waiting",
			"         #3 EXPERIMENT    preparing",
			"         #4 PIPELINE_RUN  1/2 done  1 n…",
			"         #5 PIPELINE_RUN  failed: uploa…",
		},
		79: {
			"  00:41  #1 PIPELINE_RUN  █████▒▒▒░░  5/10 done  1 failed  3 in flight",
			"         #2 EXPERIMENT    waiting",
			"         #3 EXPERIMENT    preparing",
			"         #4 PIPELINE_RUN  ██████████  1/2 done  1 not created",
			"         #5 PIPELINE_RUN  failed: uploading pipeline: http 400: �[2Jlong long…",
		},
		119: {
			"  00:41  #1 PIPELINE_RUN add_numbers.yaml  ██████████▒▒▒▒▒▒░░░░  5/10 done  1 failed  3 in flight  create max 210 ms",
			"         #2 EXPERIMENT etl.yaml            waiting",
			"         #3 EXPERIMENT 漢字.yaml           preparing",
			"         #4 PIPELINE_RUN x.yaml            ████████████████████  1/2 done  1 not created",
			"         #5 PIPELINE_RUN                   failed: uploading pipeline: http 400: �[2Jlong long long long long long lo…",
		},
	} {
		got := liveLines(41*time.Second, underway(), columns)
		if !slices.Equal(got, want) {
			t.Errorf("%d columns: got\n%s\nwant\n%s", columns, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		for _, line := range got {
			if n := columnsOf(line); n > columns {
				t.Errorf("%d of %d columns: %s", n, columns, line)
			}
		}
	}
}

func TestNoWidthAndNoCountsBreakALine(t *testing.T) {
	entries := append(underway(), handoff.EntryProgress{Phase: "running", Succeeded: 9, InFlight: 9})
	for columns := range 130 {
		for _, line := range liveLines(100*time.Hour, entries, columns) {
			if n := columnsOf(line); n > max(columns, 1) {
				t.Fatalf("%d of %d columns: %q", n, columns, line)
			}
		}
	}
}

func TestPlainLineNamesThePipeline(t *testing.T) {
	got := plainLine(3661*time.Second, underway()[0])
	if want := "  1:01:01  #1 PIPELINE_RUN add_numbers.yaml  5/10 done  1 failed  3 in flight  create max 210 ms"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
