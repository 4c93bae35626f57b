package conformance

import (
	"net/http"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

func (c *suite) deletions(t *testing.T) {
	t.Run("RunsThenTheirExperiment", func(t *testing.T) {
		pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
		experiment := c.experiment(t, unique("experiment"))
		asked := kfp.NewRun{ExperimentID: experiment, PipelineID: pipeline.ID, VersionID: pipeline.VersionID}
		var made []kfp.Run
		for range 3 {
			asked.Name = unique("run")
			run := c.run(t, asked)
			made = append(made, run)
			c.follow(t, run, underway)
		}
		for left := len(made) - 1; left >= 0; left-- {
			id := made[left].ID
			if err := c.client.DeleteRun(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			refusedByGateway(t, c.client.Fetch(t.Context(), kfp.Runs, id, ""), http.StatusNotFound)
			refusedByGateway(t, c.client.DeleteRun(t.Context(), id), http.StatusNotFound)
			page, err := c.client.List(t.Context(), kfp.Runs, kfp.Query{ExperimentID: experiment})
			if err != nil || page.Total != left || len(page.IDs()) != left {
				t.Errorf("%d runs are left, listed %+v, %v", left, page, err)
			}
		}
		c.remove(t, "/experiments/"+experiment, kfp.Experiments, experiment)
		err := c.client.Scan(t.Context(), kfp.Runs, kfp.Query{ExperimentID: experiment})
		refusedByGateway(t, err, http.StatusNotFound)
	})
	t.Run("AnExperimentsNameIsFreeAgain", func(t *testing.T) {
		name := unique("experiment")
		first := c.experiment(t, name)
		c.remove(t, "/experiments/"+first, kfp.Experiments, first)
		if second := c.experiment(t, name); second == first {
			t.Errorf("the id %s was given twice", first)
		}
	})
	t.Run("VersionsThenTheirPipeline", func(t *testing.T) {
		name := unique("pipeline")
		pipeline := c.upload(t, name, "wait.yaml")
		second := c.version(t, pipeline, unique("version"), "wait.yaml")
		if status, body := c.send(t, http.MethodDelete, "/pipelines/"+pipeline.ID); status != http.StatusBadRequest {
			t.Errorf("a pipeline with versions: answered %d: %.200s", status, body)
		}
		versions := "/pipelines/" + pipeline.ID + "/versions"
		for deleted, id := range []string{pipeline.VersionID, second} {
			if status, body := c.send(t, http.MethodDelete, versions+"/"+id); status != http.StatusOK {
				t.Fatalf("answered %d: %.200s", status, body)
			}
			refusedByGateway(t, c.client.Fetch(t.Context(), kfp.PipelineVersions, id, pipeline.ID), http.StatusNotFound)
			if list := get[versionList](t, c, versions, nil); len(list.Versions) != 1-deleted || list.TotalSize != 1-deleted {
				t.Errorf("%d of 2 are deleted, listed %+v", 1+deleted, list)
			}
		}
		c.remove(t, "/pipelines/"+pipeline.ID, kfp.Pipelines, pipeline.ID)
		c.upload(t, name, "wait.yaml")
	})
}

// remove deletes something, which is gone then.
func (c *suite) remove(t *testing.T, path string, kind kfp.Kind, id string) {
	t.Helper()
	if status, body := c.send(t, http.MethodDelete, path); status != http.StatusOK {
		t.Fatalf("deleting %s answered %d: %.200s", path, status, body)
	}
	refusedByGateway(t, c.client.Fetch(t.Context(), kind, id, ""), http.StatusNotFound)
}
