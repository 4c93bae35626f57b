package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// Python is the interpreter of the Debian package, whatever else the caller's PATH has.
const Python = "/usr/bin/python3.11"

// requirements pins the packages of a family of scripts.
const requirements = "requirements.txt"

// install puts the pinned packages into a folder of their own, and the scripts beside them, where Python
// finds them without being told.
func (b Builder) install(ctx context.Context, f Family, out string) error {
	_, err := process.Output(ctx, b.Owner, process.Command{
		Path: "nice",
		Args: []string{"-n", "10", Python, "-m", "pip", "install", "--quiet", "--no-input",
			"--disable-pip-version-check", "--root-user-action=ignore",
			// What is installed is what is pinned, and nothing is compiled for it.
			"--require-hashes", "--no-deps", "--only-binary=:all:",
			"--target", out, "--requirement", filepath.Join(b.source(f), requirements)},
		Env: os.Environ(),
	})
	if err != nil {
		return err
	}
	for _, script := range f.Scripts {
		if err := copyTree(filepath.Join(b.source(f), script), filepath.Join(out, script)); err != nil {
			return err
		}
	}
	return nil
}

// pinned reads the version of a package from a requirements file.
func pinned(file, name string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(data)) {
		if after, found := strings.CutPrefix(line, name+"=="); found {
			version, _, _ := strings.Cut(strings.TrimSpace(after), " ")
			return version, nil
		}
	}
	return "", fmt.Errorf("%s does not pin %s", file, name)
}
