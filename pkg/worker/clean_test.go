package worker

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// crash runs everything and leaves it as a worker that was killed does: schedules go on.
func (s *stand) crash(t *testing.T, id string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	before := s.meddle
	s.meddle = func(w http.ResponseWriter, h heard, next func(http.ResponseWriter)) {
		if ctx.Err() != nil { // nobody calls any more
			panic(http.ErrAbortHandler)
		}
		next(w)
	}
	s.runWith(ctx, t, everything, func(o *Options) { o.RunID = id })
	s.meddle = before
}

// clean cleans, with options.
func (s *stand) clean(t *testing.T, change func(*CleanOptions)) map[string]Cleaned {
	t.Helper()
	o := CleanOptions{Options: Options{URL: serverURL, Namespace: "team", Client: s.client}}
	change(&o)
	all, err := Clean(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	cleaned := map[string]Cleaned{}
	for _, c := range all {
		cleaned[c.RunID] = c
	}
	return cleaned
}

func TestWhatACrashLeftIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		before := s.strangers(t)
		s.crash(t, "load-1")
		made := unlike(s.things(t), before)
		if len(made) < 15 || !slices.Contains(made, "RecurringRuns load-1-5-2") {
			t.Fatalf("the crash left %q", made)
		}
		dry := s.clean(t, func(o *CleanOptions) { o.Runs, o.DryRun = []string{"load-1"}, true })["load-1"]
		if after := unlike(s.things(t), before); len(after) != len(made) || len(dry.Things) != len(made) || dry.Cleanup.LeftTotal != len(made) || dry.Cleanup.Deleted.Total() != 0 {
			t.Errorf("a dry run leaves %q and tells of %d", after, len(dry.Things))
		}
		c := s.clean(t, func(o *CleanOptions) { o.Runs = []string{"load-1", "absent-1"} })
		after := s.things(t)
		if more, less := unlike(after, before), unlike(before, after); len(more) > 0 || len(less) > 0 {
			t.Errorf("left %q, took %q of somebody else's", more, less)
		}
		if c := c["load-1"]; !c.Cleanup.Complete() || c.Cleanup.Deleted.RecurringRuns != 2 || len(c.Things) != c.Cleanup.Deleted.Total() {
			t.Errorf("%+v", c.Cleanup)
		}
		if c := c["absent-1"]; !c.Cleanup.Complete() || c.Cleanup.Deleted.Total() != 0 {
			t.Errorf("%+v", c.Cleanup)
		}
	})
}

func TestLeftoversAreFoundByTheirMarks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		for _, id := range []string{"old-1", "wanted-1"} {
			s.runWith(t.Context(), t, everything, func(o *Options) { o.RunID = id })
		}
		time.Sleep(2 * time.Hour)
		s.runWith(t.Context(), t, mine, func(o *Options) { o.RunID = "fresh-1" })
		s.runWith(t.Context(), t, `[{"mode": "PIPELINE_RUN", "runTime": "10s", "numTimes": 1, "drain": "1s", "pipelineFileName": "wait-600.yaml"}]`,
			func(o *Options) { o.RunID = "endless-1" })
		if _, err := s.client.UploadOnly(t.Context(), kfp.Upload{Name: "other", FileName: "wait.yaml", Content: []byte(wait), Description: "made by kubectl-kfpperf run old-2"}); err != nil {
			t.Fatal(err)
		}
		before := s.things(t)
		cleaned := s.clean(t, func(o *CleanOptions) { o.AllBut = []string{"wanted-1"} })
		if c := cleaned["old-1"]; len(cleaned) != 3 || c.Cleanup == nil || !c.Cleanup.Complete() || c.Cleanup.Deleted.Runs < 10 {
			t.Errorf("cleaned %+v", cleaned)
		}
		for _, id := range []string{"fresh-1", "endless-1"} {
			if c := cleaned[id]; c.Spared == "" || c.Cleanup != nil || len(c.Things) > 0 {
				t.Errorf("%s: %+v", id, c)
			}
		}
		for _, gone := range unlike(before, s.things(t)) {
			if !strings.Contains(gone, " old-1-") {
				t.Errorf("deleted %s", gone)
			}
		}
	})
}

func TestAMultiUserServerIsCleanedInItsNamespace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{MultiUser: true, Tokens: map[string][]string{"secret": {"team", "other"}}})
		var err error
		s.client, err = kfp.New(kfp.Config{BaseURL: serverURL, Transport: inprocess.Transport{Handler: s}, Token: func() (string, error) { return "secret", nil }})
		if err != nil {
			t.Fatal(err)
		}
		s.runWith(t.Context(), t, everything, func(o *Options) { o.Namespace = "other" })
		d := s.runWith(t.Context(), t, everything, keeping(result.KeepFailed))
		want := result.Things{Runs: d.Cleanup.Deleted.Runs, Experiments: 2, Pipelines: 6, Versions: 8}
		if !d.Cleanup.Complete() || d.Cleanup.Deleted != want || want.Runs < 10 {
			t.Errorf("%+v", d.Cleanup)
		}
		c := s.clean(t, func(o *CleanOptions) { o.Runs, o.Namespace = []string{"load-1"}, "other" })["load-1"]
		if want.Runs = c.Cleanup.Deleted.Runs; !c.Cleanup.Complete() || c.Cleanup.Deleted != want || want.Runs < 10 {
			t.Errorf("%+v", c.Cleanup)
		}
		if _, found, err := s.client.FindExperiment(t.Context(), "Default", "team"); !found || err != nil {
			t.Errorf("the default experiment is not there: %v", err)
		}
	})
}

func TestAServerThatCannotBeAskedIsAProblem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.fail("GET/pipelines", func(int) bool { return true })
		_, err := Clean(t.Context(), CleanOptions{Options: Options{URL: serverURL, Client: s.client}})
		var problem *handoff.Problem
		if !errors.As(err, &problem) || problem.Cause != "KFP does not tell what runs left" {
			t.Errorf("error %v", err)
		}
	})
}
