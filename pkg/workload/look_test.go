package workload

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// pages is a server whose list of runs has these ids on its pages; a page's token is its number.
type pages struct {
	ids   [][]string
	asked []string
}

// ServeHTTP implements http.Handler.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("page_token")
	p.asked = append(p.asked, token)
	n := max(slices.Index([]string{"", "1", "2", "3"}, token), 0)
	var runs []map[string]string
	for _, id := range p.ids[n] {
		runs = append(runs, map[string]string{"run_id": id, "state": "SUCCEEDED"})
	}
	answer := map[string]any{"runs": runs}
	if n+1 < len(p.ids) {
		answer["next_page_token"] = []string{"1", "2", "3"}[n]
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// The server lists the oldest first, and runs of one second in any order: a new one may come before the last
// page.
func TestALookReadsTheLastPageAndTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &pages{ids: [][]string{{"a", "b"}, {"c", "d"}, {"e"}}}
		client, err := kfp.New(kfp.Config{BaseURL: "http://kfp.example.com", Transport: inprocess.Transport{Handler: server}})
		if err != nil {
			t.Fatal(err)
		}
		target := &Target{Client: client, Started: time.Now()}
		e, err := NewEntry(target, NewTracker(target, time.Second), 0, scenario.Entry{Mode: scenario.PipelineScheduledRun, NumTimes: 1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := &schedule{entry: e, experimentID: "x", known: map[string]bool{}}
		look := func(found int, asked ...string) {
			t.Helper()
			server.asked = nil
			if n := s.look(t.Context()); n != len(asked) || !slices.Equal(server.asked, asked) || len(s.known) != found {
				t.Errorf("%d pages, asked for %q, found %d runs; want %q and %d", n, server.asked, len(s.known), asked, found)
			}
		}
		look(5, "", "1", "2")
		server.ids = [][]string{{"a", "b"}, {"c", "c2"}, {"d", "e"}} // c2 is of the second of c
		look(6, "1", "2")
		server.ids = append(server.ids, []string{"f"})
		look(7, "1", "2", "3")
		look(7, "2", "3")
		if c := e.Result(0).Counts; c.Succeeded != 7 {
			t.Errorf("counts %+v", c)
		}
	})
}
