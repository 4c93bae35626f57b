package workload

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

const succeeding = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: wait-}
spec:
  entrypoint: wait
  templates: [{name: wait, suspend: {duration: "2"}}]
`

// However many runs there are, few of them are held in memory at once, and those that stay are in nobody's way.
func TestManyRunsAreDeletedByAndBy(t *testing.T) {
	for keep, want := range map[result.Keep]result.Cleanup{
		result.KeepNone: {Deleted: result.Things{Runs: 23, Experiments: 1, Pipelines: 1, Versions: 2}, Kept: &result.Things{}},
		result.KeepFailed: {
			Deleted: result.Things{Runs: 13}, Kept: &result.Things{Runs: 10, Experiments: 1, Pipelines: 1},
		},
	} {
		t.Run(string(keep), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, err := kfp.New(kfp.Config{
					BaseURL: "http://kfp.example.com", Transport: inprocess.Transport{Handler: sandbox.New(sandbox.Options{})},
				})
				if err != nil {
					t.Fatal(err)
				}
				fill(t, client)
				c := &Cleaner{Client: client, RunID: "r", Keep: keep, most: 4}
				got := c.Clean(t.Context())
				if got.Deleted != want.Deleted || *got.Kept != *want.Kept || !got.Complete() {
					t.Errorf("%+v, kept %+v", got, got.Kept)
				}
				if done, of := c.Progress(); done != of || done != want.Deleted.Total() {
					t.Errorf("%d of %d are gone", done, of)
				}
			})
		})
	}
}

// fill makes ten runs that do not end, and then thirteen that succeed, in one experiment.
func fill(t *testing.T, client *kfp.Client) {
	t.Helper()
	pipeline, err := client.UploadPipeline(t.Context(), kfp.Upload{
		Name: "r-1-wait", Description: Mark("r"), FileName: "wait.yaml", Content: []byte(succeeding),
	})
	if err != nil {
		t.Fatal(err)
	}
	endless, err := client.UploadPipelineVersion(t.Context(), kfp.NewVersion{
		PipelineID: pipeline.ID, Name: "r-1-endless", Description: Mark("r"), FileName: "wait.yaml",
		Content: []byte(strings.Replace(succeeding, `duration: "2"`, "", 1)),
	})
	if err != nil {
		t.Fatal(err)
	}
	experiment, err := client.CreateExperiment(t.Context(), kfp.NewExperiment{Name: "r-1", Description: Mark("r")})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 23 {
		version := pipeline.VersionID
		if i < 10 {
			version = endless
		}
		_, err := client.CreateRun(t.Context(), kfp.NewRun{
			Name: fmt.Sprintf("r-1-%d", i+1), Description: Mark("r"), ExperimentID: experiment, PipelineID: pipeline.ID, VersionID: version,
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
	}
}
