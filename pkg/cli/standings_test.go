package cli

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// of is what a namespace tells of some entries, by their indexes.
func of(namespace string, done int, entries ...int) []handoff.EntryProgress {
	var told []handoff.EntryProgress
	for _, i := range entries {
		told = append(told, handoff.EntryProgress{
			Entry: i, Namespace: namespace, Mode: "PIPELINE_RUN", Phase: "running", Total: 10, Started: 10, Succeeded: done, InFlight: 10 - done,
		})
	}
	return told
}

func TestEachEntryIsShownByNamespace(t *testing.T) {
	s := standings{namespaces: []string{"b", "a"}}
	s.take(of("a", 1, 0, 1))
	s.take(of("b", 2, 0))
	var names []string
	for _, e := range s.take(of("a", 3, 0, 1)) {
		names = append(names, fmt.Sprint(entryName(e, true), " ", e.Succeeded))
	}
	if got, want := strings.Join(names, ", "), "#1 PIPELINE_RUN b 2, #1 PIPELINE_RUN a 3, #2 PIPELINE_RUN a 3"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if n := len(s.take(of("new", 1, 0))); n != 4 {
		t.Errorf("%d lines with a namespace that was not announced", n)
	}
}

func TestManyNamespacesAreShownTogether(t *testing.T) {
	var s standings
	var shown []handoff.EntryProgress
	for i := range mostLines {
		shown = s.take(of(fmt.Sprintf("team-%d", i+1), i, 0))
	}
	if len(shown) != mostLines {
		t.Errorf("%d lines of %d namespaces", len(shown), mostLines)
	}
	last := of("other", 0, 0, 1)
	last[0].Phase, last[0].Failure = "done", "no pipeline"
	shown = s.take(last)
	if len(shown) != 2 || entryName(shown[0], true) != "#1 PIPELINE_RUN 17 namespaces" || entryName(shown[1], true) != "#2 PIPELINE_RUN other" {
		t.Fatalf("%+v", shown)
	}
	if sum := shown[0]; sum.Total != 170 || sum.Succeeded != 120 || sum.InFlight != 50 || sum.Failure != "" || sum.Phase != "running" {
		t.Errorf("%+v", sum)
	}
	unknown := of("other", 0, 0)
	unknown[0].Total = 0
	if sum := s.take(unknown)[0]; sum.Total != 0 {
		t.Errorf("of nobody knows how much %d is shown", sum.Total)
	}
}

func TestNoLineIsToldTwiceWhenANamespaceComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		c := newConsole(&out, newLogOptions(), slog.DiscardHandler)
		c.arrange([]string{"a", "b"})
		_ = c.during(func() error {
			c.progress(of("b", 1, 0))
			c.progress(of("a", 1, 0))
			time.Sleep(6 * time.Second)
			c.progress(of("b", 2, 0))
			return nil
		})
		want := "  00:00  #1 PIPELINE_RUN b  1/10 done  9 in flight\n" +
			"  00:00  #1 PIPELINE_RUN a  1/10 done  9 in flight\n" +
			"  00:06  #1 PIPELINE_RUN b  2/10 done  8 in flight\n"
		if out.String() != want {
			t.Errorf("got\n%s", out.String())
		}
	})
}
