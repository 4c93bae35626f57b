package scenario

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestScenariosInAFolder(t *testing.T) {
	entry := "- {mode: PIPELINE_RUN, runTime: 1, pipelineFileName: mine.yaml}\n"
	dir := writeFiles(t, map[string]string{
		"b.yml": entry, "a.json": "broken", "c.yaml": "pipelineInfo: {}\n", "mine.yaml": workflow, "also.json": `{"pipelineInfo": {"name": "a"}, "root": {}}`,
		"notes.txt": entry, "pipelines/other.yaml": entry,
	})
	if err := os.Mkdir(filepath.Join(dir, "folder.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	files, err := InFolder(dir)
	var want []string
	for _, name := range []string{"a.json", "b.yml", "c.yaml"} {
		want = append(want, filepath.Join(dir, name))
	}
	if err != nil || !slices.Equal(files, want) {
		t.Errorf("%v, %v", files, err)
	}
	if _, err := InFolder(filepath.Join(dir, "folder.json")); err == nil || !strings.HasSuffix(err.Error(), " has no scenario; expected a file that ends in .json, .yaml or .yml") {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := InFolder(filepath.Join(dir, "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent folder: %v", err)
	}
}
