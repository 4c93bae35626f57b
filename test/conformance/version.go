package conformance

import (
	"net/http"
	"slices"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

func (c *suite) versions(t *testing.T) {
	pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
	t.Run("AnUploadAddsAVersion", func(t *testing.T) {
		name := unique("version")
		id := c.version(t, pipeline, name, "fail.yaml")
		versions := get[versionList](t, c, "/pipelines/"+pipeline.ID+"/versions", nil)
		if versions.TotalSize != 2 || len(versions.Versions) != 2 {
			t.Fatalf("the versions are %+v", versions)
		}
		got := get[versionMessage](t, c, "/pipelines/"+pipeline.ID+"/versions/"+id, nil)
		if got.VersionID != id || got.PipelineID != pipeline.ID || got.DisplayName != name || !slices.Contains(versions.Versions, got) {
			t.Errorf("uploaded %s as %s, got %+v, listed %+v", name, id, got, versions.Versions)
		}
		wholeSeconds(t, "a version's created_at", got.CreatedAt)
	})
	t.Run("ARunIsMadeOfTheVersionItNames", func(t *testing.T) {
		id := c.version(t, pipeline, unique("version"), "fail.yaml")
		c.ends(t, kfp.Pipeline{ID: pipeline.ID, VersionID: id}, "FAILED")
		c.ends(t, pipeline, "SUCCEEDED")
	})
	t.Run("ANameIsTakenOnceInAPipeline", func(t *testing.T) {
		name := unique("version")
		c.version(t, pipeline, name, "wait.yaml")
		_, err := c.client.UploadPipelineVersion(t.Context(), newVersion(t, pipeline.ID, name, "wait.yaml"))
		// KFP 2.0.5 calls it its own fault, 2.17 a conflict.
		refused(t, err, http.StatusInternalServerError, http.StatusConflict)
		c.version(t, c.upload(t, unique("pipeline"), "wait.yaml"), name, "wait.yaml")
	})
	t.Run("ABrokenPackageIsRefused", func(t *testing.T) {
		name := unique("version")
		_, err := c.client.UploadPipelineVersion(t.Context(), newVersion(t, pipeline.ID, name, "broken-stranger.yaml"))
		refused(t, err, http.StatusInternalServerError, http.StatusBadRequest)
		c.version(t, pipeline, name, "wait.yaml")
	})
	t.Run("AnUnknownPipelineIsRefused", func(t *testing.T) {
		for _, id := range []string{nobody, ""} {
			_, err := c.client.UploadPipelineVersion(t.Context(), newVersion(t, id, unique("version"), "wait.yaml"))
			refused(t, err, http.StatusBadRequest)
		}
	})
}

// version makes a version of a package in testdata.
func (c *suite) version(t *testing.T, pipeline kfp.Pipeline, name, file string) string {
	t.Helper()
	id, err := c.client.UploadPipelineVersion(t.Context(), newVersion(t, pipeline.ID, name, file))
	if err != nil || id == "" || id == pipeline.VersionID {
		t.Fatalf("the upload made %q, %v", id, err)
	}
	return id
}

func newVersion(t *testing.T, pipelineID, name, file string) kfp.NewVersion {
	t.Helper()
	return kfp.NewVersion{PipelineID: pipelineID, Name: name, FileName: file, Content: read(t, file)}
}
