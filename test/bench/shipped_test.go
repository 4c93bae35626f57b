package bench

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// plugin builds the plugin as it ships: this binary holds the benchmarks, too.
func plugin(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "kubectl-kfpperf")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "../../cmd/kubectl-kfpperf")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		b.Fatalf("building the plugin: %v: %s", err, said)
	}
	return program
}

// load has the plugin put the load of a scenario on the sandbox, with wait.yaml beside the scenario. It returns the
// result, and what memory the plugin took.
func (e *embedded) load(b *testing.B, text, wait string) ([]byte, *memoryWatch) {
	b.Helper()
	folder := b.TempDir()
	for name, content := range map[string]string{"load.json": text, "wait.yaml": wait} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	run := exec.Command(plugin(b), "run", "load.json", "--local", "--kfp-url", e.url)
	run.Dir = folder
	var said bytes.Buffer
	run.Stdout, run.Stderr = &said, &said
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	watch := watchMemory(b, run.Process.Pid)
	if err := run.Wait(); err != nil {
		b.Fatalf("the run ended with %v: %s", err, said.String())
	}
	files, err := filepath.Glob(filepath.Join(folder, "kfpperf-*.json"))
	if err != nil || len(files) != 1 {
		b.Fatalf("results %q, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		b.Fatal(err)
	}
	return content, watch
}
