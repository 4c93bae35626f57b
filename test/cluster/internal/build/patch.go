package build

import (
	"context"
	"os"
	"path/filepath"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// patched returns a folder to build a step in whose modules lack files: modules leave symbolic links out.
// The files go into vendored copies, since neither the module cache nor an overlay takes them. What was
// compiled from the module cache is not compiled again.
func (b Builder) patched(ctx context.Context, f Family, step Step) (string, error) {
	dir := b.partial(f.Name + "-vendored")
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := copyTree(filepath.Join(b.source(f), name), filepath.Join(dir, name)); err != nil {
			return "", err
		}
	}
	_, err := process.Output(ctx, b.Owner, process.Command{
		Path: "nice", Args: []string{"-n", "10", "go", "mod", "vendor"}, Dir: dir, Env: goEnvironment(),
	})
	if err != nil {
		return "", err
	}
	for file, place := range step.Patches {
		if err := copyTree(filepath.Join(b.source(f), file), filepath.Join(dir, "vendor", place)); err != nil {
			return "", err
		}
	}
	return dir, nil
}
