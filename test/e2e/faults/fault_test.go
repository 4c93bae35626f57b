//go:build e2e && !multiuser

package faults

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/faults/matrix"
)

// What a run leaves at its end.
const (
	complete = "complete"
	partial  = "partial"
	none     = "none"
)

// ending is what must be true at the end.
type ending struct {
	code   int
	result string
	// verdict is the result's.
	verdict result.Status
	// left is what stays in the namespace on purpose, in words; empty where nothing does.
	left string
}

// asIfNothingHappened is the end of a run that its faults do not touch.
func asIfNothingHappened() ending {
	return ending{code: drive.ExitDone, result: complete, verdict: result.Passed}
}

// fault is one fault and what was seen of it.
type fault struct {
	t      *testing.T
	row    matrix.Row
	struck time.Time
}

// meet begins the test of a fault; what was seen is written down when it ends.
func meet(t *testing.T, what string) *fault {
	t.Helper()
	drive.NeedsOwnCluster(t)
	f := &fault{t: t, struck: time.Now(), row: matrix.Row{
		Fault: what, Test: t.Name(), Slow: strings.HasPrefix(t.Name(), "TestSlow"), Left: "nothing", Noticed: "not told: nothing is lost",
	}}
	t.Cleanup(func() {
		f.row.Failed = t.Failed()
		if file := os.Getenv("KFPPERF_FAULTS_REPORT"); file != "" {
			if err := matrix.Append(file, f.row); err != nil {
				t.Error(err)
			}
		}
	})
	return f
}

// strikes notes that the fault happens now.
func (f *fault) strikes() { f.struck = time.Now() }

// isTold waits until the plugin tells of the fault in these words.
func (f *fault) isTold(c *drive.Call, words string, within time.Duration) {
	f.t.Helper()
	for time.Since(f.struck) < within {
		if strings.Contains(c.Said(), words) {
			f.row.Noticed = "after " + time.Since(f.struck).Round(100*time.Millisecond).String()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	f.t.Errorf("%q was not told within %s: %s", words, within, c.Said())
}

// followed looks for the last that the runner told of its progress: that a result came home says nothing of the log.
func (f *fault) followed(done drive.Outcome, last string) {
	f.t.Helper()
	if !strings.Contains(done.Stderr, last) {
		f.t.Errorf("the log was not followed to its end: nothing says %q", last)
	}
}

// ends compares what a call of the plugin left with what must be, and returns the result, if there is to be one.
func (f *fault) ends(done drive.Outcome, namespace string, want ending) *result.Document {
	f.t.Helper()
	f.row.Exit, f.row.Result = done.Code, want.result
	if done.Code != want.code {
		f.t.Fatalf("exit %d, want %d", done.Code, want.code)
	}
	tidy(f.t, done.Stdout+done.Stderr)
	document := f.document(done, want)
	if want.left != "" {
		f.row.Left = want.left
	} else {
		drive.NothingIsLeft(f.t, namespace, done.RunID(f.t))
	}
	nothingInKFP(f.t, done.RunID(f.t))
	return document
}

func (f *fault) document(done drive.Outcome, want ending) *result.Document {
	f.t.Helper()
	if want.result == none {
		if files, err := filepath.Glob(filepath.Join(done.Dir, "kfpperf-*")); err != nil || len(files) > 0 {
			f.t.Errorf("without a result there are %v, %v", files, err)
		}
		return nil
	}
	document := done.Result(f.t)
	f.row.Verdict = string(document.Verdict.Status)
	if cut := document.Partial || document.Interrupted; cut != (want.result == partial) || document.Verdict.Status != want.verdict {
		f.t.Errorf("partial %t, interrupted %t, verdict %+v; want %+v", document.Partial, document.Interrupted, document.Verdict, want)
	}
	return document
}

// tidy refuses what no person should find on a terminal: control characters, pieces of events, and walls of text.
func tidy(t *testing.T, said string) {
	t.Helper()
	if strings.ToValidUTF8(said, "") != said {
		t.Error("what was told is not UTF-8")
	}
	if i := strings.IndexFunc(said, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 {
		t.Errorf("there is a control character in %q", said[max(0, i-40):min(len(said), i+40)])
	}
	told := 0
	for line := range strings.Lines(said) {
		if !strings.Contains(line, " DBG ") { // what --log-level debug asks for may be long
			told += len(line)
		}
	}
	if told > 64<<10 {
		t.Errorf("%d bytes were told, more than anybody reads", told)
	}
	for line := range strings.Lines(said) {
		number, _, found := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "["), "]")
		if _, err := strconv.Atoi(number); found && err == nil && strings.HasPrefix(strings.TrimSpace(line), "[") {
			t.Errorf("a piece of an event: %q", line)
		}
	}
}
