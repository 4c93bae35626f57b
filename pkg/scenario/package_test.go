package scenario

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// member is a file of an archive.
type member struct{ name, content string }

func zipped(t *testing.T, members ...member) string {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	archive.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	for _, m := range members {
		file, err := archive.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(m.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

func tarred(t *testing.T, members ...member) string {
	t.Helper()
	var packed bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(compressed)
	for _, m := range members {
		if err := archive.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(m.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// claiming are archives of a pipeline whose size they say, and no more: inflating so much would take long.
func claiming(t *testing.T, size int64) (inZip, inTar string) {
	t.Helper()
	var zipped, tarred bytes.Buffer
	archive := zip.NewWriter(&zipped)
	_, err := archive.CreateRaw(&zip.FileHeader{Name: "pipeline.yaml", Method: zip.Deflate, UncompressedSize64: uint64(size)})
	if err := errors.Join(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	compressed := gzip.NewWriter(&tarred)
	err = tar.NewWriter(compressed).WriteHeader(&tar.Header{Name: "pipeline.yaml", Size: size, Mode: 0o600})
	if err := errors.Join(err, compressed.Close()); err != nil {
		t.Fatal(err)
	}
	return zipped.String(), tarred.String()
}

func TestWhatIsAPipeline(t *testing.T) {
	t.Parallel()
	largeZip, largeTar := claiming(t, maxPackage+1)
	for i, test := range []struct{ name, content, want string }{
		{"a.yaml", workflow, ""},
		{"a.yml", representation, ""},
		{"a.yaml", "\ufeff" + representation, ""},
		{"a.yaml", "---\n" + representation + "---\nplatforms: {}\n---\n", ""},
		{"a.yaml", "x: &x {name: a}\npipelineInfo: *x\nroot: {}\n", ""},
		{"a.json", `{"pipelineInfo": {"name": "a"}, "root": {}}`, ""},
		{"a.zip", zipped(t, member{"a.yaml", workflow}), ""},
		{"a.zip", zipped(t, member{"a.txt", "x"}, member{"pipeline.yaml", workflow}), ""},
		{"a.zip", tarred(t, member{"a.yaml", workflow}), ""}, // KFP looks at the first bytes
		{"a.tar.gz", tarred(t, member{"a.yml", workflow}, member{"b.txt", "x"}), ""},
		{"a.tar.gz", tarred(t, member{"a.txt", "x"}, member{"pipeline.yaml", workflow}), ""},
		{"a.yaml", "", ":1: this is neither"},
		{"a.yaml", "text", ":1: this is neither"},
		{"a.yaml", "- " + strings.ReplaceAll(representation, "\n", "\n  "), ":1: this is neither"},
		{"a.yaml", "pipelineInfo: {name: ''}\nroot: {}\n", ":1: this is neither"},
		{"a.yaml", "pipelineInfo: {name: a}\n", ":1: this is neither"},
		{"a.yaml", "pipelineInfo: a\nroot: {}\n", ":1: this is neither"},
		{"a.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\n", ":1: this is neither"},
		{"a.yaml", "---\n---\n" + workflow, ":1: the Argo Workflow is not the first document"},
		{"a.yaml", representation + "a: [\n", ":3: did not find expected node content"},
		{"a.yaml", representation + "---\na: 1\na: 2\n", `:5: mapping key "a" already defined at line 4`},
		{"a.yaml", representation + "a: \xff\n", ":3: "},
		{"a.json", `{"pipelineInfo": {"name": "a"},` + "\n" + `"root": {}`, ":2: did not find expected ',' or '}'"},
		{"a.yaml", "a: &a [b,b,b,b,b,b,b,b,b]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n" +
			"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f]\n",
			":1: document contains excessive aliasing"},
		{"a.yaml", representation + strings.Repeat("# nothing\n", maxPackage/10), ": this has more than 32 MiB"},
		{"a.zip", workflow, ": this is neither a zip archive nor a gzipped tar archive"},
		{"a.zip", "PK\x03\x04 and so on", ": zip: not a valid zip file"},
		{"a.zip", zipped(t), ": the archive is empty"},
		{"a.zip", zipped(t, member{"a.txt", workflow}), `: it holds no pipeline.yaml, and its first file "a.txt" is not YAML`},
		{"a.zip", largeZip, ": this has more than 32 MiB"},
		{"a.zip", zipped(t, member{"pipeline.yaml", "a: {"}), "(pipeline.yaml):1: did not find expected"},
		{"a.tar.gz", "\x1f\x8b and so on", ": gzip: invalid header"},
		{"a.tar.gz", tarred(t), ": the archive is empty"},
		{"a.tar.gz", tarred(t, member{"a.yaml", workflow})[:60], ": unexpected EOF"},
		{"a.tar.gz", tarred(t, member{"a.txt", workflow}), `: it holds no pipeline.yaml`},
		{"a.tar.gz", largeTar, ": this has more than 32 MiB"},
	} {

		dir := writeFiles(t, map[string]string{"load.yaml": naming(test.name), test.name: test.content})
		_, err := Load(filepath.Join(dir, "load.yaml"), Sources{})
		place := filepath.ToSlash(dir) + "/" + test.name
		switch {
		case test.want == "" && err == nil:
		case test.want == "" || err == nil ||
			!strings.Contains(err.Error(), "/load.yaml:1:54: pipelineFileName \""+test.name+"\" ") ||
			!strings.Contains(err.Error(), place+test.want):
			t.Errorf("%d, %s: %v, want %s", i, test.name, err, place+test.want)
		}
	}
}

func TestEveryShippedPipelineIsOne(t *testing.T) {
	files, err := fs.Sub(shipped().Shipped, pipelinesFolder)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil || len(entries) < 2 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, entry := range entries {
		if !packaged(entry.Name()) {
			t.Errorf("%s is no package", entry.Name())
			continue
		}
		content, err := fs.ReadFile(files, entry.Name())
		if err == nil {
			err = checkPackage(entry.Name(), content)
		}
		if err != nil {
			t.Error(fmt.Errorf("%s %w", entry.Name(), err))
		}
	}
}
