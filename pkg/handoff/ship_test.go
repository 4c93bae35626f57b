package handoff

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func quick() Shipping {
	return Shipping{
		RunID: "smoke-1", Poll: time.Millisecond, Silence: time.Minute, StartSilence: time.Minute,
		Hold: time.Minute, Asked: func() bool { return false },
	}
}

func TestShipPrintsTheResultAndCommitsIt(t *testing.T) {
	box := Outbox{Dir: t.TempDir()}
	content := noise(100_000)
	if err := errors.Join(box.Heartbeat(time.Now()), box.Finish("smoke-1", "passed", parcelOf(t, content))); err != nil {
		t.Fatal(err)
	}
	var stdout, termination bytes.Buffer
	if err := Ship(t.Context(), box, quick(), &stdout, &termination); err != nil {
		t.Fatal(err)
	}
	commit, err := ParseCommit(termination.String())
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadFrames(&stdout)
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	want := Commit{Protocol: Protocol, RunID: "smoke-1", Verdict: "passed", Bytes: len(content), SHA256: Sum(content), Chunks: commit.Chunks}
	if commit != want || commit.Chunks == 0 {
		t.Errorf("commit %+v, want %+v", commit, want)
	}
}

func TestShipTellsWhyThereIsNoResult(t *testing.T) {
	box := Outbox{Dir: t.TempDir()}
	if err := box.Fail("smoke-1", &Problem{Cause: "KFP cannot be reached", Evidence: strings.Repeat("refused ", 1000)}); err != nil {
		t.Fatal(err)
	}
	commit := shipNothing(t, box, quick())
	if commit.Problem == nil || commit.Problem.Cause != "KFP cannot be reached" || commit.Partial {
		t.Errorf("commit %+v", commit)
	}
}

func TestShipDoesNotWaitForADeadRunner(t *testing.T) {
	t.Run("silent from the start", func(t *testing.T) {
		s := quick()
		s.StartSilence = time.Nanosecond
		commit := shipNothing(t, Outbox{Dir: t.TempDir()}, s)
		if !commit.Partial || commit.RunID != "smoke-1" || !strings.Contains(commit.Problem.Evidence, "no heartbeat") {
			t.Errorf("commit %+v", commit)
		}
	})
	t.Run("silent after a heartbeat", func(t *testing.T) {
		box := Outbox{Dir: t.TempDir()}
		if err := box.Heartbeat(time.Now()); err != nil {
			t.Fatal(err)
		}
		s := quick()
		s.Silence = -time.Hour
		commit := shipNothing(t, box, s)
		if !commit.Partial || !strings.Contains(commit.Problem.Evidence, "last heartbeat") {
			t.Errorf("commit %+v", commit)
		}
	})
	t.Run("the pod ends", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var termination bytes.Buffer
		err := Ship(ctx, Outbox{Dir: t.TempDir()}, quick(), &bytes.Buffer{}, &termination)
		if !errors.Is(err, ErrNoResult) || !strings.Contains(termination.String(), "told to end") {
			t.Errorf("error %v, record %s", err, termination.String())
		}
	})
}

func TestTheEndOfTheRunnersProcessIsSeenAtOnce(t *testing.T) {
	box, now := Outbox{Dir: t.TempDir()}, time.Now()
	runner := box.Watch(RunnerContainer)
	if death := box.deathOf(runner, now, quick()); death != nil {
		t.Fatalf("before it began: %v", death)
	}
	release, err := box.Live(t.Context(), RunnerContainer)
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC() // which closes files that nobody holds on to
	runtime.GC()
	if death := box.deathOf(runner, now, quick()); death != nil || !runner.Seen() {
		t.Fatalf("while it lives: %v, seen %v", death, runner.Seen())
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if death := box.deathOf(runner, now, quick()); death == nil || !strings.Contains(death.Error(), "process ended") {
		t.Errorf("after its end: %v", death)
	}
}

func TestShipTakesTheCheckpointOfARunnerThatDied(t *testing.T) {
	box := Outbox{Dir: t.TempDir()}
	old, last := noise(100), noise(50_000)
	err := errors.Join(box.Heartbeat(time.Now()), box.Checkpoint("smoke-1", "invalid", parcelOf(t, old)),
		box.Checkpoint("smoke-1", "invalid", parcelOf(t, last)))
	if err != nil {
		t.Fatal(err)
	}
	s := quick()
	s.Silence = -time.Hour
	var stdout, termination bytes.Buffer
	if err := Ship(t.Context(), box, s, &stdout, &termination); err != nil {
		t.Fatal(err)
	}
	commit, err := ParseCommit(termination.String())
	if err != nil || !commit.Partial || commit.Problem == nil || commit.Verdict != "invalid" || commit.SHA256 != Sum(last) {
		t.Errorf("commit %+v, %v", commit, err)
	}
	if got, err := ReadFrames(&stdout); err != nil || !bytes.Equal(got, last) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	entries, err := os.ReadDir(box.Dir)
	if err != nil || len(entries) > 3 { // heartbeat, checkpoint and the runner's lock, which was looked for
		t.Errorf("the outbox holds %v, %v: checkpoints pile up", entries, err)
	}
}

func TestALargeResultIsHeldUntilSomebodyAsks(t *testing.T) {
	for name, asks := range map[string]bool{"asked": true, "too long": false} {
		synctest.Test(t, func(t *testing.T) {
			box := Outbox{Dir: t.TempDir()}
			if err := box.Finish("smoke-1", "passed", parcelOf(t, noise(1<<20))); err != nil {
				t.Fatal(err)
			}
			if held, err := box.WriteHeld(io.Discard, 0); held || err != nil {
				t.Errorf("held before it was looked at: %v, %v", held, err)
			}
			s, began, looks := quick(), time.Now(), 0
			s.Poll = time.Second
			s.Asked = func() bool {
				looks++
				for _, first := range []int{0, 1, 50, 128}[min(looks-1, 1)*4:] { // at the first look
					var frames bytes.Buffer
					held, err := box.WriteHeld(&frames, first)
					if want := strings.Join(framed(t, noise(1<<20), first), "") + "\n"; !held || err != nil || frames.String() != want {
						t.Errorf("from frame %d: %d bytes, want %d; held: %v, %v", first, frames.Len(), len(want), held, err)
					}
				}
				return asks && looks > 10
			}
			var stdout bytes.Buffer
			if err := Ship(t.Context(), box, s, &stdout, &bytes.Buffer{}); err != nil {
				t.Fatal(err)
			}
			want := s.Hold
			if asks {
				want = 10 * time.Second
			}
			if held := time.Since(began); held != want || stdout.Len() < 1<<20 {
				t.Errorf("%s: held for %s, want %s; printed %d bytes", name, held, want, stdout.Len())
			}
		})
	}
}

func TestTheRunnerKnowsWhetherItsResultWasShipped(t *testing.T) {
	t.Run("it was", func(t *testing.T) {
		box := Outbox{Dir: t.TempDir()}
		if err := box.Shipped(); err != nil {
			t.Fatal(err)
		}
		if !box.AwaitShipped(t.Context(), box.Watch(ResultsContainer), time.Millisecond, time.Minute) {
			t.Error("not shipped")
		}
	})
	t.Run("its process ended", func(t *testing.T) {
		box := Outbox{Dir: t.TempDir()}
		release, err := box.Live(t.Context(), ResultsContainer)
		if err != nil {
			t.Fatal(err)
		}
		results := box.Watch(ResultsContainer)
		if results.Ended() {
			t.Error("ended while it is alive")
		}
		if err := release(); err != nil {
			t.Fatal(err)
		}
		if box.AwaitShipped(t.Context(), results, time.Millisecond, time.Minute) {
			t.Error("shipped")
		}
	})
	t.Run("never seen", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			box, began := Outbox{Dir: t.TempDir()}, time.Now()
			if box.AwaitShipped(t.Context(), box.Watch(ResultsContainer), time.Second, time.Minute) {
				t.Error("shipped")
			}
			if waited := time.Since(began); waited < time.Minute || waited > 62*time.Second {
				t.Errorf("waited for %s", waited)
			}
		})
	})
}

func TestShipRefusesAResultThatIsNotAsItsLabelSays(t *testing.T) {
	box := Outbox{Dir: t.TempDir()}
	if err := box.Finish("smoke-1", "passed", parcelOf(t, []byte("the result"))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(box.Dir, resultFile)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)-1] ^= 1
	write(t, box.Dir, resultFile, content)
	var termination bytes.Buffer
	err = Ship(t.Context(), box, quick(), &bytes.Buffer{}, &termination)
	if err == nil || !strings.Contains(err.Error(), "its label says") {
		t.Errorf("error %v", err)
	}
}

// shipNothing ships an outbox without a result and returns the commit record.
func shipNothing(t *testing.T, box Outbox, s Shipping) Commit {
	t.Helper()
	var stdout, termination bytes.Buffer
	if err := Ship(t.Context(), box, s, &stdout, &termination); !errors.Is(err, ErrNoResult) {
		t.Fatalf("error %v", err)
	}
	if stdout.Len() > 0 {
		t.Errorf("printed %q", stdout.String())
	}
	commit, err := ParseCommit(termination.String())
	if err != nil {
		t.Fatal(err)
	}
	return commit
}

func TestParseCommitRefuses(t *testing.T) {
	for _, message := range []string{"", "{}", "Error", `{"runID":""}`, `{"runID":"` + strings.Repeat("x", MaxCommit) + `"}`} {
		if c, err := ParseCommit(message); err == nil {
			t.Errorf("%.20q is taken for %+v", message, c)
		}
	}
}
