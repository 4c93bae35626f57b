package image

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

func TestWriteIsDeterministicAndRunsAsNobody(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "tool")
	if err := os.WriteFile(binary, []byte("\x7fELF"), 0o600); err != nil {
		t.Fatal(err)
	}
	spec := Spec{
		Name: "docker.io/kfpperf-test/tool:1", Binary: binary, Entrypoint: "/bin/tool",
		Files: map[string][]byte{"/config/b": []byte("b"), "/config/a": []byte("a")},
	}
	var archives [2][]byte
	for i := range archives {
		file := filepath.Join(dir, "archive.tar")
		if err := Write(spec, file); err != nil {
			t.Fatal(err)
		}
		archives[i], _ = os.ReadFile(file)
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("two archives of the same input differ")
	}
	img, err := tarball.ImageFromPath(filepath.Join(dir, "archive.tar"), nil)
	if err != nil {
		t.Fatal(err)
	}
	file, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if file.Config.User != "65532" || file.Config.Entrypoint[0] != "/bin/tool" {
		t.Errorf("config = %+v", file.Config)
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, spec := range map[string]Spec{
		"a short name":          {Name: "tool", Binary: "/dev/null", Entrypoint: "/tool"},
		"a relative entrypoint": {Name: "docker.io/kfpperf-test/tool:1", Binary: "/dev/null", Entrypoint: "tool"},
	} {
		if err := Write(spec, filepath.Join(t.TempDir(), "archive.tar")); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
