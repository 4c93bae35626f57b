package cli

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// mounted is a scenario as the Job's pod finds it.
type mounted struct {
	// dir holds a bundle, or plain files.
	dir string
	// file is the scenario's name in it.
	file string
	// scratch is a folder that may be written to: the rest of the pod's files may not.
	scratch      string
	pipelinesDir string
}

// loadMounted reads the scenario and leaves nothing of the unpacked bundle.
func loadMounted(m mounted) (document *scenario.Document, err error) {
	if !filepath.IsLocal(m.file) {
		return nil, fmt.Errorf("%s is %q, which is no file in %s", handoff.EnvScenarioFile, m.file, m.dir)
	}
	files, bundled, err := handoff.ReadBundle(m.dir)
	if err != nil {
		return nil, err
	}
	dir := m.dir
	if bundled {
		dir, err = os.MkdirTemp(m.scratch, "scenario-*")
		if err != nil {
			return nil, fmt.Errorf("unpacking the scenario: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		if err := unpack(dir, files); err != nil {
			return nil, fmt.Errorf("unpacking the scenario: %w", err)
		}
	}
	return loadScenario(filepath.Join(dir, m.file), m.pipelinesDir)
}

// unpack writes files into dir, and nowhere else.
func unpack(dir string, files []handoff.File) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // all files in it are closed
	for _, file := range files {
		if err := root.MkdirAll(path.Dir(file.Name), 0o700); err != nil {
			return err
		}
		if err := root.WriteFile(file.Name, file.Content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
