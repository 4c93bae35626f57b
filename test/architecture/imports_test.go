package architecture

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

const root = "../.."

func TestImportsFollowTheTable(t *testing.T) {
	found, err := documented(t).violations(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	for _, violation := range found {
		t.Error(violation)
	}
}

func TestEveryPlaceInTheTableExists(t *testing.T) {
	for place := range documented(t) {
		if info, err := os.Stat(root + "/" + place); err != nil || !info.IsDir() {
			t.Errorf("docs/architecture.md names %s, which is no folder", place)
		}
	}
}

func TestABrokenTableIsFound(t *testing.T) {
	tree := fstest.MapFS{
		"pkg/load/slot.go":     {Data: []byte("package load\nimport _ \"" + module + "pkg/kfp\"\n")},
		"pkg/shiny/shiny.go":   {Data: []byte("package shiny\n")},
		"pkg/load/x_test.go":   {Data: []byte("package load\nimport _ \"" + module + "pkg/sandbox\"\n")},
		"pkg/cli/run.go":       {Data: []byte("package cli\nimport _ \"" + module + "pkg/kfp\"\n")},
		"pkg/kfp/client.go":    {Data: []byte("package kfp\nimport _ \"fmt\"\n")},
		"test/e2e/anything.go": {Data: []byte("package e2e\nimport _ \"" + module + "pkg/kfp\"\n")},
	}
	found, err := documented(t).violations(tree)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"pkg/load/slot.go: pkg/load may not import pkg/kfp",
		"pkg/shiny/shiny.go: folder pkg/shiny is not in the table",
	}
	if strings.Join(found, "\n") != strings.Join(want, "\n") {
		t.Errorf("found %q, want %q", found, want)
	}
}

func documented(t *testing.T) table {
	t.Helper()
	markdown, err := os.ReadFile(root + "/docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	read := readTable(string(markdown))
	if len(read) < 10 {
		t.Fatalf("only %d places in the table of docs/architecture.md", len(read))
	}
	return read
}
