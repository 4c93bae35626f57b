package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"
)

// TestValidateTellsEveryFaultOfAFolder looks for every fault that the invalid documents of pkg/scenario have,
// with its place and its remedy, in what validate tells of their folder.
func TestValidateTellsEveryFaultOfAFolder(t *testing.T) {
	folder := filepath.Join("..", "scenario", "testdata")
	var stdout, stderr bytes.Buffer
	code := Run(t.Context(), []string{"validate", folder}, genericiooptions.IOStreams{Out: &stdout, ErrOut: &stderr}, scriptVersion)
	if code != int(exitUsage) {
		t.Errorf("exit %d", code)
	}
	told := map[string]bool{}
	for line := range strings.Lines(stderr.String()) {
		told[strings.ReplaceAll(line, folder, "testdata")] = true
	}
	files, err := filepath.Glob(filepath.Join(folder, "invalid-*.want"))
	if err != nil || len(files) < 60 {
		t.Fatalf("only %d invalid documents, %v", len(files), err)
	}
	for _, file := range files {
		faults, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for fault := range strings.Lines(string(faults)) {
			if line := "✗ " + printable(strings.TrimSuffix(fault, "\n")) + "\n"; !told[line] {
				t.Errorf("validate does not tell %s", line)
			}
		}
	}
	valid, err := filepath.Glob(filepath.Join(folder, "valid-*.*"))
	if accepted := strings.Count(stdout.String(), "✓ "); err != nil || accepted != len(valid) {
		t.Errorf("%d of %d valid documents were accepted", accepted, len(valid))
	}
}
