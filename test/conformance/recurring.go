package conformance

import (
	"fmt"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// Crons as KFP reads them: six fields, seconds first.
const (
	everyTenSeconds = "*/10 * * * * *"
	onNewYearsDay   = "0 0 0 1 1 *"
)

func (c *suite) recurringRuns(t *testing.T) {
	pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
	asked := func(cron string) kfp.NewRecurringRun {
		return kfp.NewRecurringRun{
			Name: unique("recurring"), ExperimentID: c.experiment(t, unique("experiment")), Cron: cron,
			PipelineID: pipeline.ID, VersionID: pipeline.VersionID, MaxConcurrency: 3, NoCatchup: true,
			Params: map[string]any{"greeting": `good "morning" 50% é`},
		}
	}
	t.Run("ANewOneIsEnabled", func(t *testing.T) {
		wanted := asked(onNewYearsDay)
		made := c.recurringRun(t, wanted)
		if made.Name != wanted.Name || !made.Enabled || time.Since(made.Created).Abs() > 10*time.Minute {
			t.Errorf("asked for %+v, made %+v", wanted, made)
		}
		got := get[recurringMessage](t, c, "/recurringruns/"+made.ID, nil)
		want := recurringMessage{
			RecurringRunID: made.ID, DisplayName: wanted.Name, ExperimentID: wanted.ExperimentID,
			Status: "ENABLED", Mode: "ENABLE", MaxConcurrency: "3", NoCatchup: true,
			CreatedAt: got.CreatedAt, UpdatedAt: got.UpdatedAt,
			PipelineVersion: versionReference{pipeline.ID, pipeline.VersionID},
		}
		want.Trigger.CronSchedule.Cron, want.RuntimeConfig.Parameters = onNewYearsDay, wanted.Params
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		wholeSeconds(t, "a recurring run's created_at", got.CreatedAt)
		wholeSeconds(t, "a recurring run's updated_at", got.UpdatedAt)
		c.recurs(t, wanted.ExperimentID, made)
		c.recurs(t, c.experiment(t, unique("experiment")))
	})
	t.Run("ItIsSwitchedOffAndOn", func(t *testing.T) {
		wanted := asked(onNewYearsDay)
		made := c.recurringRun(t, wanted)
		for range 2 { // what is disabled may be disabled
			if err := c.client.DisableRecurringRun(t.Context(), made.ID); err != nil {
				t.Fatal(err)
			}
			c.switched(t, made, wanted.ExperimentID, "DISABLED", "DISABLE")
		}
		if status, body := c.send(t, http.MethodPost, "/recurringruns/"+made.ID+":enable"); status != http.StatusOK {
			t.Fatalf("answered %d: %.200s", status, body)
		}
		c.switched(t, made, wanted.ExperimentID, "ENABLED", "ENABLE")
	})
	t.Run("ItIsGoneWhenItIsDeleted", func(t *testing.T) {
		wanted := asked(onNewYearsDay)
		made := c.recurringRun(t, wanted)
		if err := c.client.DeleteRecurringRun(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		refusedByGateway(t, c.client.Fetch(t.Context(), kfp.RecurringRuns, made.ID, ""), http.StatusNotFound)
		refusedByGateway(t, c.client.DeleteRecurringRun(t.Context(), made.ID), http.StatusNotFound)
		c.recurs(t, wanted.ExperimentID)
	})
	t.Run("TwoMayHaveOneName", func(t *testing.T) {
		wanted := asked(onNewYearsDay)
		first, second := c.recurringRun(t, wanted), c.recurringRun(t, wanted)
		c.recurs(t, wanted.ExperimentID, first, second)
	})
	t.Run("ItMakesRuns", func(t *testing.T) { c.fires(t, asked(everyTenSeconds)) })
	t.Run("WhatCannotRecurIsRefused", func(t *testing.T) { c.refusedRecurring(t, asked(onNewYearsDay)) })
}

// fires waits for a recurring run's first run and follows it to its end.
func (c *suite) fires(t *testing.T, asked kfp.NewRecurringRun) {
	t.Helper()
	made := c.recurringRun(t, asked)
	var runs []kfp.Run
	for deadline := time.Now().Add(c.Patience); len(runs) == 0; time.Sleep(c.Poll) {
		if time.Now().After(deadline) {
			t.Fatalf("no run of %+v within %s", made, c.Patience)
		}
		var err error
		if runs, _, err = c.client.RunsOfExperiment(t.Context(), "", asked.ExperimentID, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.client.DisableRecurringRun(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	first := runs[0]
	if first.RecurringRunID != made.ID || first.ExperimentID != asked.ExperimentID || first.Name == "" {
		t.Errorf("%+v made %+v", made, first)
	}
	if first.Scheduled.Second()%10 != 0 || !first.Scheduled.After(made.Created) || first.Created.Before(first.Scheduled) {
		t.Errorf("%+v made %+v, want a tick of the cron before the run", made, first)
	}
	// What it was asked for stays when it has ended.
	ended := c.follow(t, first, underway)
	c.ended(t, first, ended, "SUCCEEDED")
	if ended.RecurringRunID != made.ID || !ended.Scheduled.Equal(first.Scheduled) || ended.Name != first.Name {
		t.Errorf("the run was %+v and is %+v", first, ended)
	}
	if err := c.client.DeleteRecurringRun(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.client.Fetch(t.Context(), kfp.Runs, first.ID, ""); err != nil {
		t.Errorf("a run of what is deleted: %v", err)
	}
}

// refusedRecurring asks for recurring runs that cannot be.
func (c *suite) refusedRecurring(t *testing.T, good kfp.NewRecurringRun) {
	for name, refusal := range map[string]struct {
		change func(*kfp.NewRecurringRun)
		status int
	}{
		"a cron of words":          {func(n *kfp.NewRecurringRun) { n.Cron = "every minute" }, http.StatusBadRequest},
		"a cron of four fields":    {func(n *kfp.NewRecurringRun) { n.Cron = "* * * *" }, http.StatusBadRequest},
		"a cron of seven fields":   {func(n *kfp.NewRecurringRun) { n.Cron = "0 * * * * * 2030" }, http.StatusBadRequest},
		"a cron beyond its range":  {func(n *kfp.NewRecurringRun) { n.Cron = "0 60 * * * *" }, http.StatusBadRequest},
		"no name":                  {func(n *kfp.NewRecurringRun) { n.Name = "" }, http.StatusInternalServerError},
		"too many at once":         {func(n *kfp.NewRecurringRun) { n.MaxConcurrency = 11 }, http.StatusBadRequest},
		"fewer than none at once":  {func(n *kfp.NewRecurringRun) { n.MaxConcurrency = -1 }, http.StatusBadRequest},
		"an unknown version":       {func(n *kfp.NewRecurringRun) { n.VersionID = nobody }, http.StatusInternalServerError},
		"an unknown experiment":    {func(n *kfp.NewRecurringRun) { n.ExperimentID = nobody }, http.StatusNotFound},
		"neither pipeline nor any": {func(n *kfp.NewRecurringRun) { n.PipelineID, n.VersionID = "", "" }, http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			asked := good
			refusal.change(&asked)
			_, err := c.client.CreateRecurringRun(t.Context(), asked)
			refusedByGateway(t, err, refusal.status)
			c.recurs(t, good.ExperimentID)
		})
	}
	t.Run("but five fields are taken for six", func(t *testing.T) {
		asked := good
		asked.Cron = "0 0 1 1 *" // at midnight on new year's day, would one think
		made := c.recurringRun(t, asked)
		if got := get[recurringMessage](t, c, "/recurringruns/"+made.ID, nil); got.Trigger.CronSchedule.Cron != asked.Cron {
			t.Errorf("asked for %q, got %+v", asked.Cron, got)
		}
	})
}

// switched fails the test unless a recurring run is where it should be, however it is looked at.
func (c *suite) switched(t *testing.T, made kfp.RecurringRun, experiment, status, mode string) {
	t.Helper()
	got := get[recurringMessage](t, c, "/recurringruns/"+made.ID, nil)
	updated := wholeSeconds(t, "a recurring run's updated_at", got.UpdatedAt)
	if got.Status != status || got.Mode != mode || updated.Before(made.Updated) {
		t.Errorf("made %+v, got %+v, want %s", made, got, status)
	}
	made.Enabled, made.Updated = status == "ENABLED", updated
	c.recurs(t, experiment, made)
}

// recurs fails the test unless an experiment has exactly these recurring runs.
func (c *suite) recurs(t *testing.T, experiment string, want ...kfp.RecurringRun) {
	t.Helper()
	listed, err := c.client.ListRecurringRunsOf(t.Context(), "", experiment)
	if err != nil || len(listed) != len(want) {
		t.Fatalf("listed %+v, %v; want %+v", listed, err, want)
	}
	byID := map[string]kfp.RecurringRun{}
	for _, r := range listed {
		byID[r.ID] = r
	}
	for _, w := range want {
		if got := byID[w.ID]; fmt.Sprint(got) != fmt.Sprint(w) {
			t.Errorf("listed %+v, want %+v", got, w)
		}
	}
}

// recurringRun makes a recurring run that lasts no longer than the test.
func (c *suite) recurringRun(t *testing.T, asked kfp.NewRecurringRun) kfp.RecurringRun {
	t.Helper()
	made, err := c.client.CreateRecurringRun(t.Context(), asked)
	if err != nil || made.ID == "" || made.Created.IsZero() {
		t.Fatalf("asked for %+v, made %+v, %v", asked, made, err)
	}
	t.Cleanup(func() { c.send(t, http.MethodDelete, "/recurringruns/"+made.ID) })
	return made
}
