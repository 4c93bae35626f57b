package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Sources are where scenarios and pipelines are looked for, beside the scenario's own folder.
type Sources struct {
	// PipelinesDir is a folder of pipelines; empty for none.
	PipelinesDir string
	// Shipped holds scenarios and, in pipelines/, pipelines; nil for none.
	Shipped fs.FS
}

// read returns the text of a scenario, cut off behind maxText, and whether it is a shipped one: those
// stand in for files that do not exist, when they are named without a folder.
func (s Sources) read(file string) (text []byte, shipped bool, err error) {
	opened, shipped, err := s.open(file)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = opened.Close() }() // nothing was written
	text, err = io.ReadAll(io.LimitReader(opened, maxText+1))
	if err != nil {
		return nil, false, fmt.Errorf("reading scenario %q: %w", file, cause(err))
	}
	return text, shipped, nil
}

func (s Sources) open(file string) (opened fs.File, shipped bool, err error) {
	opened, err = os.Open(file) //nolint:gosec // it is the file that the user named
	if err == nil {
		return opened, false, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, false, fmt.Errorf("reading scenario %q: %w", file, cause(err))
	}
	names := s.shippedScenarios()
	if slices.Contains(names, file) {
		opened, err = s.Shipped.Open(file)
		return opened, true, err
	}
	err = fmt.Errorf("reading scenario %q: %w", file, cause(err))
	if len(names) > 0 {
		err = fmt.Errorf("%w%s", err, shippedHint(file, names))
	}
	return nil, false, err
}

// ReadShipped returns the text of a shipped scenario, which may be named without its extension.
func (s Sources) ReadShipped(name string) ([]byte, error) {
	names := s.shippedScenarios()
	i := slices.IndexFunc(names, func(file string) bool {
		return name == file || name == strings.TrimSuffix(file, path.Ext(file))
	})
	if i < 0 {
		return nil, fmt.Errorf("there is no scenario %s%s", quote(name), shippedHint(name, names))
	}
	return fs.ReadFile(s.Shipped, names[i])
}

// shippedHint ends a message about a file that is none of the shipped scenarios.
func shippedHint(file string, names []string) string {
	if meant := closestFile(file, names); meant != "" {
		return fmt.Sprintf("; did you mean the shipped %s?", meant)
	}
	return "; the shipped ones are " + listed("and", names...)
}

// shippedScenarios are the names of the shipped scenarios, sorted.
func (s Sources) shippedScenarios() []string {
	return filesIn(s.Shipped, ".", endsAsScenario)
}

// filesIn lists those files of a folder that are wanted, sorted; none where there is no folder.
func filesIn(files fs.FS, folder string, wanted func(string) bool) []string {
	if files == nil {
		return nil
	}
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if !entry.IsDir() && wanted(entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return names
}

// cause drops what an error of a file system repeats: the operation and the name.
func cause(err error) error {
	if failed := (*fs.PathError)(nil); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
