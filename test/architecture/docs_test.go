package architecture

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTroubleshootingQuotesWhatIsSaid looks each quoted heading up in the product's source, in which long
// sentences are put together from parts.
func TestTroubleshootingQuotesWhatIsSaid(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	source := sources(t)
	headings := regexp.MustCompile("(?m)^### `(.+)`$").FindAllStringSubmatch(string(page), -1)
	if len(headings) < 10 {
		t.Fatalf("only %d symptoms are quoted", len(headings))
	}
	for _, heading := range headings {
		if !strings.Contains(source, heading[1]) {
			t.Errorf("docs/troubleshooting.md: nothing says %q", heading[1])
		}
	}
}

// sources is all of the product's Go source but its tests.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS(root), "pkg", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		content, err := os.ReadFile(filepath.Join(root, file))
		all.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestLinksOfThePagesLeadSomewhere follows those that stay within the project.
func TestLinksOfThePagesLeadSomewhere(t *testing.T) {
	pages, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	for _, page := range append(pages, root+"/README.md") {
		content, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range links.FindAllStringSubmatch(string(content), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), link[1])); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", filepath.Base(page), link[1])
			}
		}
	}
}

// TestTestsThatAPageNamesExist looks each of them up: a threat without its test is a claim.
func TestTestsThatAPageNamesExist(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, pattern := range []string{"pkg/*/*_test.go", "test/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(content)
		}
	}
	named := regexp.MustCompile("`(Test[A-Za-z0-9]+)(…?)`").FindAllStringSubmatch(string(page), -1)
	if len(named) < 10 {
		t.Fatalf("only %d tests are named", len(named))
	}
	for _, name := range named {
		want := "func " + name[1] + "("
		if name[2] != "" { // several that begin so
			want = "func " + name[1]
		}
		if !strings.Contains(tests.String(), want) {
			t.Errorf("docs/security.md names %s, which there is not", name[0])
		}
	}
}
