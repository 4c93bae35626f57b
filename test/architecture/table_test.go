// Package architecture holds the tests that keep the tree in the shape that docs/architecture.md
// describes. It checks sources; it never runs them.
package architecture

import (
	"bufio"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the path that starts every import of ours.
const module = "github.com/kfpperf/kubectl-kfpperf/"

// anything is the table's word for a place that may import every other.
const anything = "all"

// table is which places a place may import, by folder.
type table map[string][]string

// readTable reads the table of packages out of docs/architecture.md: rows whose first cell is a
// folder in back quotes and whose last cell lists names, "all" or "–".
func readTable(markdown string) table {
	allowed := table{}
	lines := bufio.NewScanner(strings.NewReader(markdown))
	for lines.Scan() {
		cells := strings.Split(strings.Trim(lines.Text(), "|"), "|")
		if len(cells) != 3 || !strings.HasPrefix(strings.TrimSpace(cells[0]), "`") {
			continue
		}
		place := strings.Trim(strings.TrimSpace(cells[0]), "`")
		allowed[place] = []string{}
		for name := range strings.SplitSeq(cells[2], ",") {
			if name = strings.TrimSpace(name); name != "–" {
				allowed[place] = append(allowed[place], name)
			}
		}
	}
	return allowed
}

// violations returns a sentence for every import of ours in tree, tests left out, that the table
// does not allow, and for every package that the table does not know.
func (t table) violations(tree fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(tree, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (file == "test" || file == "tools" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		imports, err := ours(tree, file)
		if err != nil {
			return err
		}
		found = append(found, t.judge(file, imports)...)
		return nil
	})
	return found, err
}

// judge returns what is wrong with one file's imports.
func (t table) judge(file string, imports []string) []string {
	place := path.Dir(file)
	allowed, known := t[place]
	if !known {
		return []string{fmt.Sprintf("%s: folder %s is not in the table", file, place)}
	}
	var found []string
	for _, imported := range imports {
		if !slices.Contains(allowed, anything) && !slices.Contains(allowed, path.Base(imported)) {
			found = append(found, fmt.Sprintf("%s: %s may not import %s", file, place, imported))
		}
	}
	return found
}

// ours returns the imports of a file that are in this module, without the module's path.
func ours(tree fs.FS, file string) ([]string, error) {
	source, err := fs.ReadFile(tree, file)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if rest, ok := strings.CutPrefix(imported, module); ok {
			imports = append(imports, rest)
		}
	}
	return imports, nil
}
