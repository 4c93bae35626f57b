package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAResultIsWrittenWholeAndNeverOverAnother(t *testing.T) {
	dir := t.TempDir()
	file := newResultFile(dir, "smoke-abc234")
	if err := file.write([]byte("first")); err != nil {
		t.Fatal(err)
	}
	for name, again := range map[string]func([]byte) error{
		"by link": file.write,
		"by claim": func(content []byte) error {
			temporary := filepath.Join(t.TempDir(), "temporary")
			if err := os.WriteFile(temporary, content, 0o600); err != nil {
				t.Fatal(err)
			}
			return file.claim(temporary)
		},
	} {
		if err := again([]byte("second")); err == nil || !strings.Contains(err.Error(), "exists") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir, "kfpperf-smoke-abc234.json"))
	if err != nil || string(content) != "first" {
		t.Errorf("%q, %v", content, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestAFolderThatCannotTakeTheResultIsRefusedEarly(t *testing.T) {
	dir := t.TempDir()
	if err := checkWritable(dir); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
	if err := checkWritable(filepath.Join(dir, "absent")); err == nil || !strings.Contains(err.Error(), "--output-dir") {
		t.Errorf("error %v", err)
	}
}
