package conformance

import (
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

func (c *suite) runs(t *testing.T) {
	pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
	t.Run("ARunIsMadeOfAVersion", func(t *testing.T) {
		asked := kfp.NewRun{
			Name: unique("run"), PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
			ExperimentID: c.experiment(t, unique("experiment")),
			Params:       map[string]any{"greeting": `good "morning" 50% é`},
		}
		made := c.run(t, asked)
		if made.Name != asked.Name || made.ExperimentID != asked.ExperimentID || !underway(made.State) {
			t.Errorf("asked for %+v, made %+v", asked, made)
		}
		if age := time.Since(made.Created).Abs(); age > 10*time.Minute {
			t.Errorf("it is %s now, the run was made at %s", time.Now().UTC(), made.Created)
		}
		if !made.Finished.IsZero() {
			t.Errorf("finished at %s, before it began", made.Finished)
		}
		list := get[runList](t, c, "/runs", named(t, asked.Name))
		if len(list.Runs) != 1 || list.TotalSize != 1 {
			t.Fatalf("the runs of its name are %+v", list)
		}
		listed := list.Runs[0]
		if listed.RunID != made.ID || listed.PipelineVersion.PipelineID != pipeline.ID || listed.PipelineVersion.VersionID != pipeline.VersionID {
			t.Errorf("asked for %+v, listed %+v", asked, listed)
		}
		if !reflect.DeepEqual(listed.RuntimeConfig.Parameters, asked.Params) {
			t.Errorf("asked for parameters %v, listed %v", asked.Params, listed.RuntimeConfig.Parameters)
		}
	})
	t.Run("ARunWithoutAnExperimentIsInTheDefaultOne", func(t *testing.T) {
		made := c.run(t, kfp.NewRun{Name: unique("run"), PipelineID: pipeline.ID, VersionID: pipeline.VersionID})
		id, found, err := c.client.FindExperiment(t.Context(), "Default", "")
		if err != nil || !found || made.ExperimentID != id {
			t.Errorf("it is in %q, the default experiment is %q, %v", made.ExperimentID, id, err)
		}
	})
	t.Run("ARunSucceeds", func(t *testing.T) {
		run := c.ends(t, pipeline, "SUCCEEDED")
		if took := run.Finished.Sub(run.Created); took < time.Second || took > c.Patience {
			t.Errorf("a pipeline that waits for a second took %s", took)
		}
	})
	t.Run("TasksTellWhereTheTimeWent", func(t *testing.T) { c.tasks(t, c.ends(t, pipeline, "SUCCEEDED")) })
	t.Run("ARunWhoseTimeIsAnArgumentSucceeds", func(t *testing.T) {
		c.ends(t, c.upload(t, unique("pipeline"), "expression.yaml"), "SUCCEEDED")
	})
	t.Run("ARunFails", func(t *testing.T) {
		c.ends(t, c.upload(t, unique("pipeline"), "fail.yaml"), "FAILED")
	})
	t.Run("ANameIsNeeded", func(t *testing.T) {
		_, err := c.client.CreateRun(t.Context(), kfp.NewRun{PipelineID: pipeline.ID, VersionID: pipeline.VersionID})
		refusedByGateway(t, err, http.StatusInternalServerError)
	})
	t.Run("AnythingIsAParameterOfAV1Package", func(t *testing.T) {
		asked := kfp.NewRun{
			Name: unique("run"), PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
			Params: map[string]any{"no such": map[string]any{"a": []any{1.5, true, nil}}},
		}
		c.run(t, asked)
		listed := get[runList](t, c, "/runs", named(t, asked.Name)).Runs[0]
		if !reflect.DeepEqual(listed.RuntimeConfig.Parameters, asked.Params) {
			t.Errorf("asked for parameters %v, listed %v", asked.Params, listed.RuntimeConfig.Parameters)
		}
	})
	t.Run("WhatCannotRunIsRefusedAndLeavesNoRun", func(t *testing.T) { c.refusedRuns(t, pipeline) })
}

// refusedRuns asks for runs that cannot be.
func (c *suite) refusedRuns(t *testing.T, pipeline kfp.Pipeline) {
	version := func(p kfp.Pipeline, params map[string]any) kfp.NewRun {
		return kfp.NewRun{PipelineID: p.ID, VersionID: p.VersionID, Params: params}
	}
	elsewhere := version(pipeline, nil)
	elsewhere.ExperimentID = nobody
	v2 := c.upload(t, unique("pipeline"), "greet.yaml")
	lost := c.upload(t, unique("pipeline"), "no-entrypoint.yaml")
	for name, refusal := range map[string]struct {
		asked  kfp.NewRun
		status int
	}{
		"unknown version":              {kfp.NewRun{PipelineID: pipeline.ID, VersionID: nobody}, http.StatusInternalServerError},
		"unknown pipeline":             {kfp.NewRun{PipelineID: nobody}, http.StatusInternalServerError},
		"version of another pipeline":  {kfp.NewRun{PipelineID: v2.ID, VersionID: pipeline.VersionID}, http.StatusInternalServerError},
		"no pipeline":                  {kfp.NewRun{}, http.StatusInternalServerError},
		"template that there is not":   {version(lost, nil), http.StatusInternalServerError},
		"unknown experiment":           {elsewhere, http.StatusNotFound},
		"v2 without its parameter":     {version(v2, nil), http.StatusBadRequest},
		"v2 with an unknown parameter": {version(v2, map[string]any{"count": 1, "colour": "red"}), http.StatusBadRequest},
		"v2 with a text for a number":  {version(v2, map[string]any{"count": "one"}), http.StatusBadRequest},
		"v2 with a number for a text":  {version(v2, map[string]any{"count": 1, "greeting": 7}), http.StatusBadRequest},
		"v2 with nothing for a number": {version(v2, map[string]any{"count": nil}), http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			refusal.asked.Name = unique("refused")
			_, err := c.client.CreateRun(t.Context(), refusal.asked)
			refusedByGateway(t, err, refusal.status)
			if run, found, err := c.client.FindRunByName(t.Context(), "", refusal.asked.Name); found || err != nil {
				t.Errorf("there is %+v, %v", run, err)
			}
		})
	}
}

// ends makes a run and follows it to its end, as the product does.
func (c *suite) ends(t *testing.T, pipeline kfp.Pipeline, state string) kfp.Run {
	t.Helper()
	made := c.run(t, kfp.NewRun{Name: unique("run"), PipelineID: pipeline.ID, VersionID: pipeline.VersionID})
	run := c.follow(t, made, underway)
	c.ended(t, made, run, state)
	return run
}

// follow looks at a run until it has ended. Before that it may only be in some states.
func (c *suite) follow(t *testing.T, made kfp.Run, may func(state string) bool) kfp.Run {
	t.Helper()
	for deadline := time.Now().Add(c.Patience); ; time.Sleep(c.Poll) {
		listed, err := c.client.ListRunsByID(t.Context(), "", []string{made.ID})
		if err != nil || len(listed) != 1 {
			t.Fatalf("listed %+v, %v", listed, err)
		}
		run := listed[0]
		switch {
		case kfp.Terminal(run.State):
			return run
		case !may(run.State), !run.Finished.IsZero(), !run.Created.Equal(made.Created):
			t.Fatalf("made %+v, then saw %+v", made, run)
		case time.Now().After(deadline):
			t.Fatalf("after %s: %+v", c.Patience, run)
		}
	}
}

// ended checks a run that is over.
func (c *suite) ended(t *testing.T, made, run kfp.Run, state string) {
	t.Helper()
	if run.State != state || !run.Created.Equal(made.Created) || run.Finished.Before(run.Created) {
		t.Errorf("made %+v, ended %+v, want %s", made, run, state)
	}
	listed := get[runList](t, c, "/runs", named(t, run.Name)).Runs[0]
	for what, text := range map[string]string{
		"created_at": listed.CreatedAt, "scheduled_at": listed.ScheduledAt, "finished_at": listed.FinishedAt,
	} {
		wholeSeconds(t, "a run's "+what, text)
	}
}

// tasks checks what is told of the tasks of a run that has succeeded. The server may learn of them later than
// of its end.
func (c *suite) tasks(t *testing.T, run kfp.Run) {
	t.Helper()
	var told runMessage
	open := func(task taskMessage) bool { return task.State != "SUCCEEDED" }
	for deadline := time.Now().Add(c.Patience); ; time.Sleep(c.Poll) {
		told = get[runMessage](t, c, "/runs/"+run.ID, nil)
		if len(told.RunDetails.Tasks) > 0 && !slices.ContainsFunc(told.RunDetails.Tasks, open) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s: %+v", c.Patience, told)
		}
	}
	for _, task := range told.RunDetails.Tasks {
		began, ended := wholeSeconds(t, "a task's start_time", task.StartTime), wholeSeconds(t, "a task's end_time", task.EndTime)
		if task.DisplayName == "" || began.Before(run.Created) || ended.Before(began) || ended.After(run.Finished) {
			t.Errorf("the run %+v has a task %+v", run, task)
		}
	}
	last := told.StateHistory[len(told.StateHistory)-1]
	if known := wholeSeconds(t, "a state's update_time", last.UpdateTime); last.State != "SUCCEEDED" || known.Before(run.Finished) {
		t.Errorf("the run %+v has a history %+v", run, told.StateHistory)
	}
}

// run makes a run.
func (c *suite) run(t *testing.T, asked kfp.NewRun) kfp.Run {
	t.Helper()
	made, err := c.client.CreateRun(t.Context(), asked)
	if err != nil || made.ID == "" || made.Created.IsZero() {
		t.Fatalf("asked for %+v, made %+v, %v", asked, made, err)
	}
	return made
}

// underway reports whether a run in this state may not have ended. A state may be absent.
func underway(state string) bool {
	return slices.Contains([]string{"", "RUNTIME_STATE_UNSPECIFIED", "PENDING", "RUNNING"}, state)
}
