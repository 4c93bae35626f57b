package conformance

import (
	"io/fs"
	"net/http"
	"path"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"sigs.k8s.io/yaml"
)

func (c *suite) pipelines(t *testing.T) {
	t.Run("AnUploadMakesAPipelineWithOneVersion", func(t *testing.T) {
		name := unique("pipeline")
		made := c.upload(t, name, "wait.yaml")
		versions := get[versionList](t, c, "/pipelines/"+made.ID+"/versions", nil)
		if len(versions.Versions) != 1 || versions.TotalSize != 1 {
			t.Fatalf("the versions are %+v", versions)
		}
		only := versions.Versions[0]
		if only.VersionID != made.VersionID || only.PipelineID != made.ID || only.DisplayName != name {
			t.Errorf("the version of pipeline %s (%+v) is %+v", name, made, only)
		}
		wholeSeconds(t, "a version's created_at", only.CreatedAt)
	})
	t.Run("EveryFormatOfAPackageIsTaken", func(t *testing.T) {
		content := read(t, "wait.yaml")
		asJSON, err := yaml.YAMLToJSON(content)
		if err != nil {
			t.Fatal(err)
		}
		for file, packed := range map[string][]byte{
			"wait.yaml": content, "wait.yml": content, "wait.json": asJSON,
			"wait.zip": zipped(t, "wait.yaml", content), "wait.tar.gz": tarred(t, "wait.yaml", content),
		} {
			upload := kfp.Upload{Name: unique("format"), FileName: file, Content: packed}
			if made, err := c.client.UploadPipeline(t.Context(), upload); err != nil || made.VersionID == "" {
				t.Errorf("%s: %+v, %v", file, made, err)
			}
		}
	})
	t.Run("APackageOfAnotherKindIsTaken", func(t *testing.T) {
		for _, file := range []string{"greet.yaml", "platform.yaml", "expression.yaml", "fail.yaml", "no-entrypoint.yaml"} {
			made := c.upload(t, unique("kind"), file)
			if versions := get[versionList](t, c, "/pipelines/"+made.ID+"/versions", nil); versions.TotalSize != 1 {
				t.Errorf("%s: the versions are %+v", file, versions)
			}
		}
	})
	t.Run("ANameIsTakenOnce", func(t *testing.T) {
		name := unique("pipeline")
		c.upload(t, name, "wait.yaml")
		_, err := c.client.UploadPipeline(t.Context(), kfp.Upload{Name: name, FileName: "wait.yaml", Content: read(t, "wait.yaml")})
		// KFP 2.0.5 calls it its own fault, 2.17 a conflict.
		refused(t, err, http.StatusInternalServerError, http.StatusConflict)
	})
	t.Run("ABrokenPackageIsRefused", func(t *testing.T) {
		for _, file := range brokenPackages(t) {
			upload := kfp.Upload{Name: unique("broken"), FileName: file, Content: read(t, file)}
			made, err := c.client.UploadPipeline(t.Context(), upload)
			// KFP 2.0.5 calls it its own fault, 2.17 the client's.
			if err == nil {
				t.Errorf("%s was taken", file)
				continue
			}
			refused(t, err, http.StatusInternalServerError, http.StatusBadRequest)
			if made != (kfp.Pipeline{}) {
				t.Errorf("%s became %+v", file, made)
			}
			// What was refused does not occupy its name.
			c.upload(t, upload.Name, "wait.yaml")
		}
	})
	t.Run("AFormatOfNoUseIsRefused", func(t *testing.T) {
		for file, packed := range map[string][]byte{
			"wait.txt": read(t, "wait.yaml"), "wait.zip": []byte("PK no zip"), "wait.tar.gz": []byte("\x1f\x8b no gzip"),
			"other.tar.gz": tarred(t, "README", read(t, "wait.yaml")), "other.zip": zipped(t, "README", read(t, "wait.yaml")),
		} {
			_, err := c.client.UploadPipeline(t.Context(), kfp.Upload{Name: unique("format"), FileName: file, Content: packed})
			refused(t, err, http.StatusBadRequest)
		}
	})
	t.Run("VersionsOfAnUnknownPipeline", func(t *testing.T) {
		if status, body := c.wire(t, "/pipelines/"+nobody+"/versions", nil); status != http.StatusNotFound {
			t.Errorf("answered with %d: %s", status, body)
		}
	})
}

// upload makes a pipeline of a package in testdata.
func (c *suite) upload(t *testing.T, name, file string) kfp.Pipeline {
	t.Helper()
	made, err := c.client.UploadPipeline(t.Context(), kfp.Upload{Name: name, FileName: file, Content: read(t, file)})
	if err != nil {
		t.Fatal(err)
	}
	if made.ID == "" || made.VersionID == "" || made.ID == made.VersionID {
		t.Fatalf("the upload made %+v", made)
	}
	return made
}

// brokenPackages returns the files that no server makes a pipeline of.
func brokenPackages(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(testdata, "testdata/broken-*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no broken packages", err)
	}
	for i, file := range files {
		files[i] = path.Base(file)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := testdata.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// wholeSeconds fails the test unless a time is written without fractions of a second.
func wholeSeconds(t *testing.T, what, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Nanosecond() != 0 {
		t.Errorf("%s is %q, want whole seconds of RFC 3339", what, text)
	}
	return at
}
