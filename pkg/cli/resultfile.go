package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// resultFile is where the result of a run goes.
type resultFile struct{ dir, name string }

// newResultFile names the file of a run.
func newResultFile(dir, runID string) resultFile {
	return resultFile{dir: dir, name: "kfpperf-" + runID + ".json"}
}

// path is the file as people would name it.
func (f resultFile) path() string { return filepath.Join(f.dir, f.name) }

// checkWritable finds out, before a run starts, whether its result could be written in the end.
func checkWritable(dir string) error {
	probe, err := os.CreateTemp(dir, ".kfpperf-*")
	if err != nil {
		return fmt.Errorf("the result could not be written to --%s: %w", flagOutputDir, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// write puts the result in place whole or not at all, and never over another file: a link, unlike a
// rename, fails where the name is taken. Where the file system has no links, the name is claimed first. A file that
// holds the same already is as good.
func (f resultFile) write(content []byte) error {
	temporary, err := os.CreateTemp(f.dir, "."+f.name+".*")
	if err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone already when it was renamed
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(0o644), temporary.Sync(), temporary.Close())
	if err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	err = os.Link(temporary.Name(), f.path())
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = f.claim(temporary.Name())
	}
	if errors.Is(err, fs.ErrExist) && f.holds(content) {
		return nil
	}
	return wrapWrite(err)
}

// holds reports whether the file is there, and holds just this.
func (f resultFile) holds(content []byte) bool {
	there, err := os.ReadFile(f.path())
	return err == nil && bytes.Equal(there, content)
}

// claim renames temporary to a name that it has made sure is free.
func (f resultFile) claim(temporary string) error {
	claimed, err := os.OpenFile(f.path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) //nolint:gosec // a result is no secret
	if err != nil {
		return err
	}
	if err := claimed.Close(); err != nil {
		return err
	}
	return os.Rename(temporary, f.path())
}

func wrapWrite(err error) error {
	if err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}
