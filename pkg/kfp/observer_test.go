package kfp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// witness keeps what an observer is told.
type witness struct {
	mu    sync.Mutex
	calls []Call
}

func (w *witness) observe(c Call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, c)
}

// only returns the one call that was told of.
func (w *witness) only(t *testing.T) Call {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.calls) != 1 {
		t.Fatalf("the observer was told of %+v, want one call", w.calls)
	}
	return w.calls[0]
}

// failure returns the error that every failed call ends with.
func failure(t *testing.T, err error) *Error {
	t.Helper()
	var failed *Error
	if !errors.As(err, &failed) {
		t.Fatalf("the error is %v (%T), want an *Error", err, err)
	}
	return failed
}

func TestObserverIsToldOfEachCallOnce(t *testing.T) {
	operations := map[string]string{
		"/apis/v2beta1/healthz": "GetHealthz", "GET " + experiments: "ListExperiments",
		"POST " + experiments: "CreateExperiment", "GET " + runs: "ListRuns", "POST " + runs: "CreateRun",
	}
	for _, c := range calls() {
		for _, failing := range []bool{false, true} {
			status, class, answer := http.StatusOK, "", c.answer
			if failing {
				status, class, answer = http.StatusServiceUnavailable, "http 503 UNAVAILABLE", `{"code":14,"message":"later"}`
			}
			s := serve(t, answers(status, "application/json", answer))
			var told witness
			before := time.Now()
			err := c.call(t.Context(), to(t, s, Config{Observe: told.observe}))
			after := time.Now()
			if failing != (err != nil) {
				t.Fatalf("%s: %v", c.name, err)
			}
			got := told.only(t)
			operation := operations[c.path] + operations[c.method+" "+c.path]
			if got.Operation != operation || got.Status != status || got.Class != class {
				t.Errorf("%s: told of %+v, want %s, status %d, class %q", c.name, got, operation, status, class)
			}
			if got.BytesIn != int64(len(answer)) || got.BytesOut != int64(len(s.only(t).body)) {
				t.Errorf("%s: told of %d bytes in and %d out, there were %d and %d",
					c.name, got.BytesIn, got.BytesOut, len(answer), len(s.only(t).body))
			}
			if got.Sent.Before(before) || got.Done.Before(got.Sent) || after.Before(got.Done) {
				t.Errorf("%s: sent %s, done %s, but called %s and back %s", c.name, got.Sent, got.Done, before, after)
			}
		}
	}
}

func TestCallIsDoneWhenTheLastByteCame(t *testing.T) {
	half, whole := make(chan struct{}), time.Time{}
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"multi_user":`)
		_ = http.NewResponseController(w).Flush()
		<-half
		whole = time.Now()
		_, _ = io.WriteString(w, `true}`)
	})
	var told witness
	client := to(t, s, Config{Observe: told.observe})
	done := make(chan error)
	go func() {
		_, err := client.Health(t.Context())
		done <- err
	}()
	close(half)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := told.only(t); got.Done.Before(whole) {
		t.Errorf("done %s, %s before the last byte was sent", got.Done, whole.Sub(got.Done))
	}
}

func TestCallsAtTheSameTimeAreToldApart(t *testing.T) {
	const callers = 16
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ok(`{"experiment_id":"e"}`)(w, r)
	})
	var told witness
	client := to(t, s, Config{Observe: told.observe})
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() {
			if _, err := client.CreateExperiment(context.Background(), NewExperiment{Name: strings.Repeat("x", i)}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	sizes := map[int64]bool{}
	for _, c := range told.calls {
		sizes[c.BytesOut] = true
	}
	if len(told.calls) != callers || len(sizes) != callers {
		t.Errorf("%d calls of %d sizes were told of, want %d of each", len(told.calls), len(sizes), callers)
	}
}

func TestDebugLogHasALineACallAndNoToken(t *testing.T) {
	s := serve(t, answers(http.StatusForbidden, "application/json", `{"code":7,"message":"no"}`))
	var log bytes.Buffer
	client := to(t, s, Config{
		Token:  TokenFile(tokenFile(t, "very-secret")),
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	_, _, err := client.FindRunByName(t.Context(), "team", "one")
	failure(t, err)
	line := log.String()
	if strings.Count(line, "\n") != 1 || strings.Contains(line, "very-secret") {
		t.Errorf("logged %q", line)
	}
	for _, part := range []string{
		"level=DEBUG", "operation=ListRuns", "method=GET", "path=" + runs, "status=403", `class="http 403 PERMISSION_DENIED"`, "took=",
	} {
		if !strings.Contains(line, part) {
			t.Errorf("%q does not say %s", line, part)
		}
	}
}

func TestNothingIsPrintedWhateverTheEnvironment(t *testing.T) {
	t.Setenv("DEBUG", "1") // what the generated clients' runtime takes for leave to print headers
	t.Setenv("SWAGGER_DEBUG", "1")
	printed, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	stderr := os.Stderr
	os.Stderr = printed
	defer func() { os.Stderr = stderr }()
	for _, c := range calls() {
		s := serve(t, ok(c.answer))
		if err := c.call(t.Context(), to(t, s, Config{Token: TokenFile(tokenFile(t, "very-secret"))})); err != nil {
			t.Error(err)
		}
	}
	if content, err := os.ReadFile(printed.Name()); err != nil || len(content) > 0 {
		t.Errorf("printed %s, %v", content, err)
	}
}
