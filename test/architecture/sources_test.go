package architecture

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The bounds of the house: a file is about 100 lines and never more than maxLines; main does nothing
// but hand over.
const (
	maxLines     = 300
	maxMainLines = 40
)

func TestFilesAreShort(t *testing.T) {
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".go" {
			return err
		}
		limit := maxLines
		if strings.HasSuffix(file, "cmd/kubectl-kfpperf/main.go") {
			limit = maxMainLines
		}
		content, err := os.ReadFile(file)
		if lines := strings.Count(string(content), "\n"); lines > limit {
			t.Errorf("%s has %d lines, %d at the most", file, lines, limit)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
