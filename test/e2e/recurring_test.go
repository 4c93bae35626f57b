//go:build e2e

package e2e

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// agreesWithTheServer counts again what an entry says of its schedule, from the server's list alone.
func agreesWithTheServer(t *testing.T, entry result.Entry) {
	t.Helper()
	var page struct {
		Runs []struct {
			Recurring string    `json:"recurring_run_id"`
			Created   time.Time `json:"created_at"`
			Tick      time.Time `json:"scheduled_at"`
			State     string    `json:"state"`
		} `json:"runs"`
	}
	served := kfpGet(t, "/apis/v2beta1/runs?page_size=200&experiment_id="+entry.ExperimentID)
	if err := json.Unmarshal([]byte(served), &page); err != nil {
		t.Fatal(err)
	}
	ticks, late := map[string]int{}, 0
	for _, r := range page.Runs {
		if r.Tick.Second() != 0 || r.State != "SUCCEEDED" {
			t.Errorf("run %+v", r)
		}
		ticks[r.Recurring+r.Tick.String()]++
		if r.Created.Sub(r.Tick) > result.LateAfter {
			late++
		}
	}
	// Three minutes have three ticks of each of the two. The last may come too close to the end to make a run:
	// the controller looks at each schedule about every ten seconds, and on a busy machine more seldom.
	s := *entry.Schedule
	want := result.Schedule{
		Cron: "0 */1 * * * *", RecurringRuns: 2, Expected: len(ticks) + s.Missed, Missed: s.Missed, Fired: len(page.Runs), Late: late,
	}
	if s != want || s.Fired < 4 || s.Expected > 6 || s.Missed > 2 {
		t.Errorf("schedule %+v, the server lists %+v", s, want)
	}
}

// experimentNamed asks the server for an experiment's id.
func experimentNamed(t *testing.T, name string) string {
	t.Helper()
	var page struct {
		Experiments []struct {
			ID string `json:"experiment_id"`
		} `json:"experiments"`
	}
	if err := json.Unmarshal([]byte(listing(t, "/experiments", "EQUALS", name)), &page); err != nil || len(page.Experiments) != 1 {
		t.Fatalf("experiments named %s: %+v, %v", name, page, err)
	}
	return page.Experiments[0].ID
}

// nothingRecurs fails the test if the server has a recurring run in the experiment.
func nothingRecurs(t *testing.T, experiment string) {
	t.Helper()
	var page struct {
		Total int `json:"total_size"`
	}
	served := kfpGet(t, "/apis/v2beta1/recurringruns?experiment_id="+experiment)
	if err := json.Unmarshal([]byte(served), &page); err != nil || page.Total != 0 {
		t.Errorf("left in experiment %s: %s, %v", experiment, served, err)
	}
}
