//go:build e2e

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// Exit codes, as docs/exit-codes.md has them.
const (
	exitDone      = 0
	exitUsage     = 1
	exitNoStart   = 2
	exitThreshold = 3
	exitInvalid   = 5
	exitDetached  = 7
)

// outcome is what one call of the plugin left behind.
type outcome struct {
	code           int
	stdout, stderr string
	took           time.Duration
	// dir is the --output-dir of the call.
	dir string
}

// kfpperf runs `kubectl kfpperf` with args, in a folder of its own.
func kfpperf(t *testing.T, args ...string) outcome {
	t.Helper()
	return finish(t, start(t, args...))
}

// run is kfpperf run with the suite's image.
func run(t *testing.T, namespace, scenario string, args ...string) outcome {
	t.Helper()
	return kfpperf(t, append([]string{"run", scenario, "-n", namespace, "--image", image(t)}, args...)...)
}

// call is a plugin at work.
type call struct {
	command        *exec.Cmd
	stdout, stderr strings.Builder
	started        time.Time
}

// start runs the plugin without waiting for it.
func start(t *testing.T, args ...string) *call {
	t.Helper()
	c := &call{command: exec.Command("kubectl", append([]string{"kfpperf"}, args...)...), started: time.Now()}
	c.command.Dir = t.TempDir()
	c.command.Stdout, c.command.Stderr = &c.stdout, &c.stderr
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// finish waits for the plugin.
func finish(t *testing.T, c *call) outcome {
	t.Helper()
	var exit *exec.ExitError
	if err := c.command.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	done := outcome{
		code: c.command.ProcessState.ExitCode(), stdout: c.stdout.String(), stderr: c.stderr.String(),
		took: time.Since(c.started).Round(time.Millisecond), dir: c.command.Dir,
	}
	t.Logf("%s: exit %d after %s\n%s%s", strings.Join(c.command.Args, " "), done.code, done.took, done.stderr, done.stdout)
	return done
}

// expect fails the test unless the call ended with the code and said all of the words.
func (o outcome) expect(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.code != code {
		t.Fatalf("exit %d, want %d", o.code, code)
	}
	for _, word := range words {
		if !strings.Contains(o.stdout+o.stderr, word) {
			t.Errorf("nothing says %q", word)
		}
	}
}

// result reads the one result file that the call left.
func (o outcome) result(t *testing.T) *result.Document {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(o.dir, "kfpperf-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("result files: %v, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	document, err := result.Decode(content)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// runID is the id that the plugin printed first.
func (o outcome) runID(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(o.stderr) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "run" {
			return words[1]
		}
	}
	t.Fatal("no run id on stderr")
	return ""
}
