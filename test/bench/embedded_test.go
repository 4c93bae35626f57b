package bench

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
)

// embedded is `kubectl kfpperf sandbox` as a process of its own, with its own share of the machine.
type embedded struct {
	url  string
	life io.Closer
	// ended gives how the process ended, once.
	ended <-chan error
	says  *bytes.Buffer
}

// startSandbox starts a sandbox that ends with the benchmark, and with this process.
func startSandbox(b *testing.B, flags ...string) *embedded {
	b.Helper()
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	e := &embedded{says: &bytes.Buffer{}}
	process := exec.Command(program, append([]string{"sandbox", "--listen", "127.0.0.1:0", "--seed", "1"}, flags...)...)
	process.Env = append(os.Environ(), envPlugin+"=1")
	process.Stderr = e.says
	stdin, err := process.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := process.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := process.Start(); err != nil {
		b.Fatal(err)
	}
	line, reading := bufio.NewReader(stdout).ReadString('\n') // all that it says there
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	e.url, e.life, e.ended = strings.TrimSpace(line), stdin, ended
	b.Cleanup(func() {
		_ = process.Process.Kill() // it has ended if all went well
		e.life.Close()
	})
	if reading != nil {
		b.Fatalf("the sandbox did not start: %v", <-ended)
	}
	return e
}

// end ends the sandbox, after which its files are complete.
func (e *embedded) end(b *testing.B) {
	b.Helper()
	e.life.Close()
	select {
	case err := <-e.ended:
		if err != nil {
			b.Fatalf("the sandbox ended with %v: %s", err, e.says)
		}
	case <-time.After(30 * time.Second):
		b.Fatal("the sandbox does not end")
	}
}

// measure puts the load of a scenario on the sandbox. Beside the scenario lie these pipelines.
func (e *embedded) measure(b *testing.B, text string, pipelines map[string]string, o worker.Options) *result.Document {
	b.Helper()
	folder := b.TempDir()
	files := map[string]string{"load.json": text}
	for name, content := range pipelines {
		files[name] = content
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	var err error
	if o.Document, err = scenario.Load(filepath.Join(folder, "load.json"), scenario.Sources{}); err != nil {
		b.Fatal(err)
	}
	if o.Client, err = kfp.New(kfp.Config{BaseURL: e.url}); err != nil {
		b.Fatal(err)
	}
	o.RunID, o.URL, o.Version = "bench-1", e.url, "v0.0.0-bench"
	ctx, cancel := context.WithTimeout(b.Context(), time.Hour)
	defer cancel()
	d, err := worker.Run(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	mustBeWhole(b, d)
	return d
}

// mustBeWhole fails unless the load was put on as it was asked for.
func mustBeWhole(b *testing.B, d *result.Document) {
	b.Helper()
	for _, measured := range d.Entries {
		// A worker that is a millisecond late at the end of the runTime leaves out what was due in it.
		c := measured.Counts
		if c.Succeeded+c.NotStarted != c.Planned || c.NotStarted > c.Planned/100 || measured.Failure != "" {
			b.Fatalf("%s: %+v %s", measured.Name(), c, measured.Failure)
		}
	}
}

// span is how long it takes to make so many calls at a rate a second.
func span(n, rate int) time.Duration { return time.Duration(n) * time.Second / time.Duration(rate) }
