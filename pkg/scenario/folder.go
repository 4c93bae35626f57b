package scenario

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// InFolder lists the scenarios of a folder, sorted, and not those of folders below it: files that end as
// scenarios do, but for pipelines, which may lie beside them.
func InFolder(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading folder %q: %w", dir, cause(err))
	}
	var files []string
	for _, entry := range entries {
		file := filepath.Join(dir, entry.Name())
		if !entry.IsDir() && endsAsScenario(file) && !isPipeline(file) {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("folder %q has no scenario; expected a file that ends in %s", dir, listed("or", scenarioExtensions()...))
	}
	return files, nil
}

// scenarioExtensions are those of scenarios.
func scenarioExtensions() []string { return []string{".json", ".yaml", ".yml"} }

func endsAsScenario(name string) bool { return slices.Contains(scenarioExtensions(), path.Ext(name)) }

// isPipeline tells whether a file holds a whole pipeline, which no scenario can be.
func isPipeline(file string) bool {
	opened, err := os.Open(file) //nolint:gosec // it is in the folder that the user named
	if err != nil {
		return false
	}
	defer func() { _ = opened.Close() }() // it is only read
	content, err := readPackage(opened)
	return err == nil && checkPackage(file, content) == nil
}
