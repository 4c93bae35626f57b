package drive

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
	ExitDone      = 0
	ExitUsage     = 1
	ExitNoStart   = 2
	ExitThreshold = 3
	ExitInvalid   = 5
	ExitLeft      = 6
	ExitDetached  = 7
)

// Outcome is what one call of the plugin left behind.
type Outcome struct {
	Code           int
	Stdout, Stderr string
	Took           time.Duration
	// Dir is the --output-dir of the call.
	Dir string
}

// Kfpperf runs `kubectl kfpperf` with args, in a folder of its own.
func Kfpperf(t *testing.T, args ...string) Outcome {
	t.Helper()
	return Finish(t, Start(t, args...))
}

// Run is kfpperf run with the suite's image.
func Run(t *testing.T, namespace, scenario string, args ...string) Outcome {
	t.Helper()
	return Finish(t, StartRun(t, namespace, scenario, args...))
}

// StartRun is Run without waiting for it.
func StartRun(t *testing.T, namespace, scenario string, args ...string) *Call {
	t.Helper()
	return Start(t, append([]string{"run", scenario, "-n", namespace, "--image", Image(t)}, args...)...)
}

// Call is a plugin at work.
type Call struct {
	Command        *exec.Cmd
	stdout, stderr text
	started        time.Time
}

// Start runs the plugin without waiting for it. It does not outlive the test.
func Start(t *testing.T, args ...string) *Call {
	t.Helper()
	c := &Call{Command: exec.CommandContext(t.Context(), "kubectl", append([]string{"kfpperf"}, args...)...), started: time.Now()}
	c.Command.Dir = t.TempDir()
	c.Command.Stdout, c.Command.Stderr = &c.stdout, &c.stderr
	if err := c.Command.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// Said is what the plugin has told on stderr up to now.
func (c *Call) Said() string { return c.stderr.String() }

// Finish waits for the plugin.
func Finish(t *testing.T, c *Call) Outcome {
	t.Helper()
	var exit *exec.ExitError
	if err := c.Command.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	done := Outcome{
		Code: c.Command.ProcessState.ExitCode(), Stdout: c.stdout.String(), Stderr: c.stderr.String(),
		Took: time.Since(c.started).Round(time.Millisecond), Dir: c.Command.Dir,
	}
	const most = 32 << 10 // of a log that is for people
	t.Logf("%s: exit %d after %s\n%s%s", strings.Join(c.Command.Args, " "), done.Code, done.Took,
		done.Stderr[max(0, len(done.Stderr)-most):], done.Stdout[:min(len(done.Stdout), most)])
	return done
}

// Expect fails the test unless the call ended with the code and said all of the words.
func (o Outcome) Expect(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.Code != code {
		t.Fatalf("exit %d, want %d", o.Code, code)
	}
	for _, word := range words {
		if !strings.Contains(o.Stdout+o.Stderr, word) {
			t.Errorf("nothing says %q", word)
		}
	}
}

// File reads the one result file that the call left, byte for byte.
func (o Outcome) File(t *testing.T) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(o.Dir, "kfpperf-*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("result files: %v, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Result reads the one result file that the call left.
func (o Outcome) Result(t *testing.T) *result.Document {
	t.Helper()
	document, err := result.Decode(o.File(t))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// RunID is the id that the plugin printed first.
func (o Outcome) RunID(t *testing.T) string {
	t.Helper()
	id, found := runID(o.Stderr)
	if !found {
		t.Fatal("no run id on stderr")
	}
	return id
}

// RunID waits for the id that the plugin prints first.
func (c *Call) RunID(t *testing.T) string {
	t.Helper()
	var id string
	Eventually(t, Soon, "the plugin tells the run's id", func() (found bool, said string) {
		said = c.Said()
		id, found = runID(said)
		return found, said
	})
	return id
}

func runID(stderr string) (id string, found bool) {
	for line := range strings.Lines(stderr) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "run" {
			return words[1], true
		}
	}
	return "", false
}
