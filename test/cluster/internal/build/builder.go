package build

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/progress"
)

// atOnce bounds the families built together: each go build uses all cores by itself, and the links
// at its end want about a gigabyte.
const atOnce = 2

// Builder compiles families into a cache.
type Builder struct {
	// Source holds a folder with a go.mod per family.
	Source string
	// Cache receives one folder per family, version and key.
	Cache string
	Owner process.Owner
	Say   progress.Printer
}

// All returns the folder of every family by name, building what the cache lacks.
func (b Builder) All(ctx context.Context, families []Family) (map[string]string, error) {
	dirs := make(map[string]string, len(families))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, f := range families {
		dir, err := b.dir(f)
		if err != nil {
			return nil, fmt.Errorf("naming the build of %s: %w", f.Name, err)
		}
		dirs[f.Name] = dir
		if _, err := os.Stat(dir); err == nil {
			continue
		}
		group.Go(func() error {
			if err := b.one(ctx, f, dir); err != nil {
				return fmt.Errorf("building %s: %w", f.Name, err)
			}
			return nil
		})
	}
	return dirs, group.Wait()
}

func (b Builder) source(f Family) string { return filepath.Join(b.Source, f.Name) }

// partial is a folder of the cache that nobody takes for whole; those that a killed build leaves are removed.
func (b Builder) partial(name string) string { return filepath.Join(b.Cache, ".partial-"+name) }

func (b Builder) dir(f Family) (string, error) {
	version, err := f.version(b.source(f))
	if err != nil {
		return "", err
	}
	key, err := key(f, b.source(f), runtime.Version())
	if err != nil {
		return "", err
	}
	return filepath.Join(b.Cache, f.Name+"-"+version+"-"+key), nil
}

// one builds beside the cache and renames at the end, so that a folder in the cache is always whole.
func (b Builder) one(ctx context.Context, f Family, dir string) error {
	done := b.Say.Begin("building " + filepath.Base(dir))
	partial := b.partial(f.Name)
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	if err := os.MkdirAll(partial, 0o755); err != nil {
		return err
	}
	version, err := f.version(b.source(f))
	if err != nil {
		return err
	}
	for _, step := range f.Steps {
		if err := b.compile(ctx, f, step, version, partial); err != nil {
			return err
		}
	}
	if len(f.Scripts) > 0 {
		if err := b.install(ctx, f, partial); err != nil {
			return err
		}
	}
	if err := b.copyFiles(ctx, f, partial); err != nil {
		return err
	}
	if err := os.Rename(partial, dir); err != nil {
		return err
	}
	done()
	return nil
}

func (b Builder) compile(ctx context.Context, f Family, step Step, version, out string) error {
	packages := slices.Sorted(maps.Keys(step.Programs))
	cgo := "CGO_ENABLED=0"
	if step.Cgo {
		cgo = "CGO_ENABLED=1"
	}
	ldflags := strings.TrimSpace("-s -w " + strings.ReplaceAll(step.LDFlags, "{version}", version))
	args := []string{"-n", "10", "go", "build", "-trimpath", "-tags", step.Tags, "-ldflags", ldflags, "-o", out + "/"}
	source := b.source(f)
	if len(step.Patches) > 0 {
		var err error
		if source, err = b.patched(ctx, f, step); err != nil {
			return fmt.Errorf("completing a module: %w", err)
		}
		defer func() { _ = os.RemoveAll(source) }() // or it goes with the next build
		args = append(args, "-mod=vendor")
	}
	_, err := process.Output(ctx, b.Owner, process.Command{
		Path: "nice", Args: append(args, packages...), Dir: source, Env: goEnvironment(cgo),
	})
	if err != nil {
		return err
	}
	for _, pkg := range packages {
		if err := os.Rename(filepath.Join(out, programOf(f, pkg)), filepath.Join(out, step.Programs[pkg])); err != nil {
			return err
		}
	}
	return nil
}

// goEnvironment is the caller's without flags, which would change the programs without changing the key.
func goEnvironment(more ...string) []string {
	return append(append(os.Environ(), "GOFLAGS=", "GOWORK=off"), more...)
}

// programOf is the name that go build gives a package's program: the last element of its path, or
// the one before when that is only a major version.
func programOf(f Family, pkg string) string {
	if pkg == "." {
		return f.Name
	}
	elements := strings.Split(pkg, "/")
	last := elements[len(elements)-1]
	if len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" {
		return elements[len(elements)-2]
	}
	return last
}

func (b Builder) copyFiles(ctx context.Context, f Family, out string) error {
	if len(f.Files) == 0 {
		return nil
	}
	listing, err := process.Output(ctx, b.Owner, process.Command{
		Path: "go",
		Args: []string{"list", "-m", "-json", f.Module},
		Dir:  b.source(f),
		Env:  goEnvironment(),
	})
	if err != nil {
		return err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(listing, &module); err != nil {
		return fmt.Errorf("reading the place of %s: %w", f.Module, err)
	}
	for _, file := range f.Files {
		if err := copyTree(filepath.Join(module.Dir, file), filepath.Join(out, filepath.Base(file))); err != nil {
			return err
		}
	}
	return nil
}

// copyTree copies without the module cache's read-only modes, which would make the cache hard to remove.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
}
