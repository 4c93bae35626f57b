package handoff

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func quick() Shipping {
	return Shipping{RunID: "smoke-1", Poll: time.Millisecond, Silence: time.Minute, StartSilence: time.Minute}
}

func TestShipPrintsTheResultAndCommitsIt(t *testing.T) {
	box := Outbox{Dir: t.TempDir()}
	content := noise(100_000)
	if err := errors.Join(box.Heartbeat(time.Now()), box.Finish("smoke-1", "passed", content)); err != nil {
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
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := Ship(ctx, Outbox{Dir: t.TempDir()}, quick(), &bytes.Buffer{}, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestShipRefusesAResultThatIsNotTheManifests(t *testing.T) {
	box := Outbox{Dir: t.TempDir()}
	if err := box.Finish("smoke-1", "passed", []byte("the result")); err != nil {
		t.Fatal(err)
	}
	write(t, box.Dir, resultFile, []byte("another one"))
	var termination bytes.Buffer
	err := Ship(t.Context(), box, quick(), &bytes.Buffer{}, &termination)
	if err == nil || !strings.Contains(err.Error(), "its manifest says 10") {
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
