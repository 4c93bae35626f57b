package worker

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// scheduled is an entry of PIPELINE_SCHEDULED_RUN with some fields.
func scheduled(fields string) string {
	return `[{"mode": "PIPELINE_SCHEDULED_RUN", ` + fields + `}]`
}

// nothingRecurs fails the test if the sandbox has a recurring run.
func (s *stand) nothingRecurs(t *testing.T) {
	t.Helper()
	page, err := s.client.List(t.Context(), kfp.RecurringRuns, kfp.Query{})
	if err != nil || page.Total != 0 {
		t.Errorf("%d recurring runs are left, %v", page.Total, err)
	}
}

// agrees fails the test unless the entry has every run of its experiment, as the server tells of it.
func (s *stand) agrees(t *testing.T, e result.Entry) {
	t.Helper()
	runs, next, err := s.client.RunsOfExperiment(t.Context(), "", e.ExperimentID, "")
	if err != nil || next != "" {
		t.Fatalf("next page %q, %v", next, err)
	}
	byID := map[string]kfp.Run{}
	for _, r := range runs {
		byID[r.ID] = r
	}
	if len(byID) != len(e.Runs) {
		t.Errorf("the entry has %d runs, the server %d", len(e.Runs), len(byID))
	}
	for _, r := range e.Runs {
		if told := byID[r.ID]; !r.Tick.Equal(told.Scheduled) || !r.ServerCreated.Equal(told.Created) || r.RecurringRun != told.RecurringRunID {
			t.Errorf("the entry has %+v, the server %+v", r, told)
		}
	}
}

func TestTicksAreExpectedAndFired(t *testing.T) {
	for _, test := range []struct {
		name, fields string
		want         result.Schedule
	}{
		{
			"every minute", `"runTime": "5m30s", "numTimes": 2, "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"`,
			result.Schedule{Cron: "0 */1 * * * *", RecurringRuns: 2, Expected: 10, Fired: 10},
		},
		{
			// The controller makes a run every ten seconds at the most, and so falls behind.
			"more often than KFP can", `"runTime": "2m", "cron": "*/5 * * * * *", "pipelineFileName": "wait.yaml"`,
			result.Schedule{Cron: "*/5 * * * * *", RecurringRuns: 1, Expected: 22, Fired: 11, Missed: 11, Late: 10},
		},
		{
			// A run takes ten minutes, so that a second one waits.
			"one at a time", `"runTime": "5m", "cron": "*/1 * * * *", "maxConcurrency": 1, "pipelineFileName": "wait-600.yaml"`,
			result.Schedule{Cron: "0 */1 * * * *", RecurringRuns: 1, Expected: 4, Fired: 1, Missed: 3},
		},
		{
			"a warm-up", `"runTime": "5m30s", "cron": "*/1 * * * *", "warmUp": "2m30s", "pipelineFileName": "wait.yaml"`,
			result.Schedule{Cron: "0 */1 * * * *", RecurringRuns: 1, Expected: 3, Fired: 3},
		},
		{
			"a warm-up by count", `"runTime": "5m30s", "numTimes": 2, "cron": "*/1 * * * *", "warmUp": 1, "pipelineFileName": "wait.yaml"`,
			result.Schedule{Cron: "0 */1 * * * *", RecurringRuns: 2, Expected: 9, Fired: 9},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(7 * time.Second) // so that minutes do not begin with the test
				s := newStand(t, sandbox.Options{})
				d := s.run(t, scheduled(test.fields))
				e := d.Entries[0]
				if *e.Schedule != test.want {
					t.Errorf("schedule %+v, want %+v", *e.Schedule, test.want)
				}
				if e.Counts.Planned != e.Schedule.Fired || d.Verdict.Status != result.Passed && test.name != "one at a time" {
					t.Errorf("counts %+v, verdict %+v", e.Counts, d.Verdict)
				}
				s.agrees(t, e)
				s.nothingRecurs(t)
			})
		})
	}
}

func TestAScheduleIsFollowedOverManyPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{PersistenceLag: 3 * time.Second})
		d := s.run(t, scheduled(`"runTime": "3m30s", "numTimes": 150, "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"`))
		e := d.Entries[0]
		if e.Schedule.Expected != 450 || e.Schedule.Fired != 450 || e.Counts != (result.Counts{Planned: 450, Succeeded: 450}) {
			t.Errorf("schedule %+v, counts %+v", e.Schedule, e.Counts)
		}
		// A look reads the end of the list alone, and states are asked for by the tracker.
		pages := 0
		for _, h := range s.heardOf("GET/runs") {
			if h.query.Get("experiment_id") != "" && h.at.After(d.Finished.Add(-time.Minute)) {
				pages++
			}
		}
		if pages > 35 {
			t.Errorf("%d pages were read in the last minute", pages)
		}
		if gap := time.Duration(d.PollInterval); gap > 3*time.Second {
			t.Errorf("runs were looked at every %v", gap)
		}
		s.nothingRecurs(t)
	})
}

// A run that the server shows only after the end of the runTime is not lost.
func TestARunThatShowsLateIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{PersistenceLag: 8 * time.Second})
		d := s.run(t, scheduled(`"runTime": "3m3s", "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"`))
		if e := d.Entries[0]; e.Schedule.Fired != 3 || e.Schedule.Missed != 0 {
			t.Errorf("schedule %+v", e.Schedule)
		}
		s.agrees(t, d.Entries[0])
	})
}

func TestTicksCanBeJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(7 * time.Second) // the controller looks three seconds after each minute
		s := newStand(t, sandbox.Options{})
		d := s.run(t, scheduled(`"runTime": "3m30s", "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml",
			"thresholds": ["ticks.missed == 0", "ticks.lag.max < 1s"]`))
		if len(d.Thresholds) != 2 || !d.Thresholds[0].Met || d.Thresholds[1].Met || d.Verdict.Status != result.Failed {
			t.Errorf("thresholds %+v, verdict %+v", d.Thresholds, d.Verdict)
		}
	})
}

func TestRunsByScheduleThatGoOnAreTerminatedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		d := s.run(t, scheduled(`"runTime": "3m30s", "cron": "*/1 * * * *", "drain": "30s", "terminate": true, "pipelineFileName": "wait-600.yaml"`))
		e := d.Entries[0]
		if e.Counts != (result.Counts{Planned: 3, Unfinished: 3}) || e.Schedule.Fired != 3 {
			t.Errorf("counts %+v, schedule %+v", e.Counts, e.Schedule)
		}
		order := []string{}
		for _, h := range s.calls {
			for _, verb := range []string{":disable", ":terminate", "DELETE"} {
				if strings.Contains(h.operation, verb) {
					order = append(order, verb)
				}
			}
		}
		if got := fmt.Sprint(order); got != "[:disable :terminate :terminate :terminate DELETE]" {
			t.Errorf("the end is %s", got)
		}
		s.nothingRecurs(t)
	})
}
