package cli

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALogFileIsRotated(t *testing.T) {
	dir := t.TempDir()
	logs := newLogOptions()
	logs.file, logs.maxSize = filepath.Join(dir, "run.log"), 1
	journal, file, err := logs.journal()
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(journal)
	for range 3 {
		logger.Info(strings.Repeat("x", 600<<10))
	}
	logger.Debug("not at this level")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	rotated, err := filepath.Glob(filepath.Join(dir, "run-*.log"))
	if err != nil || len(rotated) == 0 {
		t.Errorf("rotated files: %v, %v", rotated, err)
	}
	info, err := os.Stat(logs.file)
	if err != nil || info.Size() < 600<<10 || info.Size() > 1<<20 || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %+v, %v", info, err)
	}
}
