package conformance

import (
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// descriptions are by what the product tells its own from what is only called so.
func (c *suite) descriptions(t *testing.T) {
	name, text := unique("described"), unique("made by nobody, 50% of")
	pipeline, err := c.client.UploadPipeline(t.Context(), kfp.Upload{
		Name: name + "-pipeline", Description: text, FileName: "wait.yaml", Content: read(t, "wait.yaml"),
	})
	if err != nil {
		t.Fatal(err)
	}
	second := newVersion(t, pipeline.ID, name+"-version", "wait.yaml")
	second.Description = text
	if _, err := c.client.UploadPipelineVersion(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	experiment, err := c.client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: name + "-experiment", Description: text})
	if err != nil {
		t.Fatal(err)
	}
	made := c.run(t, kfp.NewRun{
		Name: name + "-run", Description: text, ExperimentID: experiment, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
	})
	if made.Description != text {
		t.Errorf("the run is told as %+v", made)
	}
	c.recurringRun(t, kfp.NewRecurringRun{
		Name: name + "-recurring", Description: text, ExperimentID: experiment, Cron: onNewYearsDay,
		PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
	})
	for kind, want := range map[kfp.Kind]string{
		kfp.Pipelines: "-pipeline", kfp.Experiments: "-experiment", kfp.Runs: "-run", kfp.RecurringRuns: "-recurring",
	} {
		named, err := kfp.Named(name[3:]) // any part will do
		described, other := kfp.Described(text[3:])
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		for _, filter := range []string{named, described} {
			listed, err := c.client.Every(t.Context(), kind, kfp.Query{Filter: filter})
			if err != nil || len(listed) != 1 || listed[0].Name != name+want || listed[0].Description != text || listed[0].Created.IsZero() {
				t.Errorf("%s: listed %+v, %v", kind, listed, err)
			}
		}
	}
	versions, err := c.client.Every(t.Context(), kfp.PipelineVersions, kfp.Query{PipelineID: pipeline.ID})
	if err != nil || len(versions) != 2 || versions[0].Description != text || versions[1].Description != text {
		t.Errorf("the first version, and the second, are %+v, %v", versions, err)
	}
}
