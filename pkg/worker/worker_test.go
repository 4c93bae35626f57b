package worker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

func TestTwoRunsSucceed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		o := options(t, s, entry(scenario.PipelineRun, 2))
		var events []handoff.Event
		o.Emit = func(e handoff.Event) { events = append(events, e) }
		d := run(t, o)

		if d.Verdict.Status != result.Passed || d.Interrupted || len(d.Warnings) != 0 {
			t.Errorf("verdict %+v, warnings %q", d.Verdict, d.Warnings)
		}
		e := d.Entries[0]
		if e.Counts != (result.Counts{Planned: 2, Succeeded: 2}) || e.PipelineID != "pipeline-1" || e.VersionID != "version-1" {
			t.Errorf("entry %+v", e)
		}
		for i, r := range e.Runs {
			if r.Slot != i || r.Name != fmt.Sprintf("smoke-9k2d-1-%d", i+1) || r.State != "SUCCEEDED" || r.Error != "" {
				t.Errorf("run %d is %+v", i, r)
			}
			if r.Running.Before(r.Created) || r.Terminal.Before(r.Running) || r.ServerFinished.Sub(r.ServerCreated) != 41*time.Second {
				t.Errorf("times of run %d are %+v", i, r)
			}
		}
		if calls := callsOf(d, "CreateRun"); calls.Calls != 2 || calls.Errors != nil || calls.Response.Count() != 2 {
			t.Errorf("CreateRun: %+v", calls)
		}
		if _, ok := s.uploads["smoke-9k2d-1-noop"]; len(s.uploads) != 1 || !ok {
			t.Errorf("uploads are %v", s.uploads)
		}
		if len(s.names) != 0 {
			t.Errorf("experiments were made in single-user mode: %v", s.names)
		}
		first, last := events[0], events[len(events)-1]
		if first.Type != handoff.EventServer || last.Type != handoff.EventFinished || !strings.Contains(last.Text, "passed") {
			t.Errorf("events begin with %+v and end with %+v", first, last)
		}
		told := events[len(events)-2]
		if told.Type != handoff.EventProgress || !strings.Contains(told.Text, "#1 PIPELINE_RUN 2/2 done, create max") {
			t.Errorf("the last progress is %+v", told)
		}
		want := handoff.EntryProgress{
			Mode: "PIPELINE_RUN", Pipeline: "noop.yaml", Phase: "done", Total: 2, Started: 2, Succeeded: 2,
			CreateMax: told.Progress[0].CreateMax,
		}
		if told.Progress[0] != want {
			t.Errorf("the last progress is %+v", told.Progress)
		}
	})
}

func TestBothModesWithAStartDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		late := entry(scenario.Experiment, 5)
		late.StartTime = scenario.Duration(30 * time.Millisecond)
		d := run(t, options(t, s, late, entry(scenario.PipelineRun, 3)))

		if d.Verdict.Status != result.Passed || d.Entries[0].Counts.Succeeded != 5 || d.Entries[1].Counts.Succeeded != 3 {
			t.Errorf("verdict %+v, entries %+v", d.Verdict, d.Entries)
		}
		id := s.names["smoke-9k2d-1"]
		if id == "" || len(s.names) != 1 || d.Entries[0].ExperimentID != id || d.Entries[1].ExperimentID != "" {
			t.Errorf("experiments %v; entries have %q and %q", s.names, d.Entries[0].ExperimentID, d.Entries[1].ExperimentID)
		}
		for _, r := range d.Entries[0].Runs {
			if delay := r.Sent.Sub(d.Started); delay < 30*time.Millisecond {
				t.Errorf("%s was sent %v after the start", r.Name, delay)
			}
			if got := s.runs[r.ID].ExperimentID; got != id {
				t.Errorf("%s is in experiment %q", r.Name, got)
			}
		}
		if names := slices.Sorted(maps.Keys(s.uploads)); !slices.Equal(names, []string{"smoke-9k2d-1-noop", "smoke-9k2d-2-noop"}) {
			t.Errorf("uploads are %v", names)
		}
	})
}

func TestTwoHundredRunsAreAccountedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		d := run(t, options(t, s, entry(scenario.PipelineRun, 200)))

		if got := d.Entries[0].Counts; got != (result.Counts{Planned: 200, Succeeded: 200}) {
			t.Errorf("counts %+v", got)
		}
		var ids []string
		for _, r := range d.Entries[0].Runs {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		if !slices.Equal(ids, slices.Sorted(maps.Keys(s.runs))) {
			t.Error("the result's ids are not the server's")
		}
		lists := s.sawOf(http.MethodGet, "/runs")
		for _, list := range lists {
			p := predicates(list)[0]
			if n := len(p.StringValues.Values); n == 0 || n > kfp.MaxBatch {
				t.Errorf("a list asks for %d runs: %v", n, list.query)
			}
		}
		// Each run takes two looks; while runs are still being made, batches may be less than full.
		if least := 2 * 200 / kfp.MaxBatch; len(lists) < least {
			t.Errorf("%d lists for 200 runs, at least %d are needed", len(lists), least)
		}
	})
}

func TestPollingIsTwoCallsAnIntervalAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.looksToEnd = 4
		o := options(t, s, entry(scenario.PipelineRun, 120), entry(scenario.Experiment, 120))
		o.Poll = 10 * time.Millisecond
		d := run(t, o)
		lists := len(s.sawOf(http.MethodGet, "/runs"))
		// More than one batch of a quick server is worth two calls an interval.
		if most := 2*int(d.Finished.Sub(d.Started)/o.Poll) + 1; lists > most {
			t.Errorf("%d lists in %v, polling every %v", lists, d.Finished.Sub(d.Started), o.Poll)
		}
		if time.Duration(d.PollInterval) < 3*o.Poll/2 {
			t.Errorf("240 runs in batches of %d, two each %v, are said to be looked at every %v", kfp.MaxBatch, o.Poll, d.PollInterval)
		}
	})
}

func TestARefusedUploadFailsItsEntryOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.path == "/pipelines/upload" && strings.Contains(r.query.Get("name"), "-1-") {
				return refuse(w, http.StatusBadRequest, "pipeline spec is invalid")
			}
			return false
		}
		o := options(t, s, entry(scenario.PipelineRun, 3), entry(scenario.PipelineRun, 2))
		var problems []handoff.Event
		o.Emit = func(e handoff.Event) {
			if e.Type == handoff.EventProblem {
				problems = append(problems, e)
			}
		}
		d := run(t, o)
		failure := d.Entries[0].Failure
		if !strings.Contains(failure, `uploading pipeline "smoke-9k2d-1-noop"`) || !strings.Contains(failure, "pipeline spec is invalid") {
			t.Errorf("failure %q", failure)
		}
		if d.Entries[0].Counts != (result.Counts{Planned: 3, NotStarted: 3}) || d.Entries[1].Counts.Succeeded != 2 {
			t.Errorf("counts %+v and %+v", d.Entries[0].Counts, d.Entries[1].Counts)
		}
		if d.Verdict.Status != result.Failed || len(problems) != 1 || problems[0].Problem.Evidence != failure {
			t.Errorf("verdict %+v, problems %+v", d.Verdict, problems)
		}
	})
}

func TestServerErrorsAreCountedAndEndNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		var n atomic.Int32
		s.intercept = func(w http.ResponseWriter, r request) bool {
			if r.method == http.MethodPost && r.path == "/runs" && n.Add(1) <= 4 {
				return refuse(w, http.StatusInternalServerError, "database is away")
			}
			return false
		}
		d := run(t, options(t, s, entry(scenario.PipelineRun, 10)))
		if got := d.Entries[0].Counts; got != (result.Counts{Planned: 10, Errors: 4, Succeeded: 6}) {
			t.Errorf("counts %+v", got)
		}
		classes := map[string]int64{}
		for _, r := range d.Entries[0].Runs {
			if r.Error != "" {
				classes[r.Error]++
			}
		}
		calls := callsOf(d, "CreateRun")
		if len(classes) != 1 || !maps.Equal(classes, calls.Errors) || calls.Calls != 10 {
			t.Errorf("the runs say %v, the calls %+v", classes, calls)
		}
		if d.Verdict.Status != result.Passed {
			t.Errorf("verdict %+v", d.Verdict)
		}
	})
}

func TestNothingStartsAfterRunTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		o := options(t, s, entry(scenario.PipelineRun, 2))
		o.Document.Entries[0].RunTime = 1
		d := run(t, o)
		if got := d.Entries[0].Counts; got != (result.Counts{Planned: 2, NotStarted: 2}) || len(s.runs) != 0 {
			t.Errorf("counts %+v, %d runs", got, len(s.runs))
		}
		if d.Verdict.Status != result.Failed || len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "2 of 2 runs were not started") {
			t.Errorf("verdict %+v, warnings %q", d.Verdict, d.Warnings)
		}
	})
}

func TestCancellationStillGivesAResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.looksToEnd = 1 << 30
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		late := entry(scenario.PipelineRun, 4)
		late.StartTime = scenario.Duration(time.Hour)
		o := options(t, s, entry(scenario.PipelineRun, 3), late)
		o.Drain = time.Hour
		s.intercept = func(_ http.ResponseWriter, r request) bool {
			if r.method == http.MethodGet && r.path == "/runs" && len(predicates(r)[0].StringValues.Values) == 3 {
				cancel()
			}
			return false
		}
		d := runUntil(ctx, t, o)
		if !d.Interrupted || d.Verdict.Status != result.Invalid {
			t.Errorf("interrupted %v, verdict %+v", d.Interrupted, d.Verdict)
		}
		if d.Entries[0].Counts != (result.Counts{Planned: 3, Unfinished: 3}) || d.Entries[1].Counts != (result.Counts{Planned: 4, NotStarted: 4}) {
			t.Errorf("counts %+v and %+v", d.Entries[0].Counts, d.Entries[1].Counts)
		}
		if list := callsOf(d, "ListRuns"); list.Calls > 10 {
			t.Errorf("polling went on: %d lists", list.Calls)
		}
		for _, e := range d.Entries {
			if e.Failure != "" {
				t.Errorf("%s failed: %s", e.Name(), e.Failure)
			}
		}
	})
}

func TestUnknownModesAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := Run(t.Context(), options(t, newServer(t), entry("PIPELINE_WALK", 1)))
		if err == nil || !strings.Contains(err.Error(), "entry 1: mode PIPELINE_WALK") {
			t.Errorf("error %v", err)
		}
		if problem := (*handoff.Problem)(nil); errors.As(err, &problem) {
			t.Error("a fault of the scenario is shown as one of the cluster")
		}
	})
}
