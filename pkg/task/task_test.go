package task

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

func TestOutputs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "outputs", "value")
	for want, do := range map[string]func() error{
		"3":         func() error { return Add(1, 2, file) },
		"-0.5":      func() error { return Add(-1, 0.5, file) },
		"100000000": func() error { return Add(1e8, 0, file) },
		"[]":        func() error { return Count(0, file) },
		"[0,1,2]":   func() error { return Count(3, file) },
	} {
		if err := do(); err != nil {
			t.Errorf("want %s: %v", want, err)
			continue
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := Sleep(t.Context(), 3*time.Second); err != nil || time.Since(began) != 3*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("interrupted: %v", err)
		}
	})
}

func TestArtifactIsFoundToBeWhatWasGenerated(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "artifact")
	for _, size := range []int64{0, 1, 1 << 16, 200_000} {
		if err := Generate(size, file); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Size() != size {
			t.Errorf("%v, %v; want %d bytes", info, err, size)
		}
		if err := Check(size, file); err != nil {
			t.Error(err)
		}
	}
}

func TestAnotherArtifactIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "artifact")
	if err := Generate(200_000, file); err != nil {
		t.Fatal(err)
	}
	if err := Check(200_001, file); err == nil {
		t.Error("another size was taken")
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content[150_000]++
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Check(200_000, file); err == nil {
		t.Error("other content was taken")
	}
	if err := Check(1, filepath.Join(t.TempDir(), "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no artifact: %v", err)
	}
}
