package worker

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

// wait is a pipeline whose runs take two seconds, and half a second to start.
const wait = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: wait-}
spec:
  entrypoint: wait
  arguments:
    parameters: [{name: greeting, value: hello}]
  templates:
    - name: wait
      suspend: {duration: "2"}
`

// stand is a sandbox with a client, and with an ear on what it is asked.
type stand struct {
	sandbox *sandbox.Server
	client  *kfp.Client
	options sandbox.Options
	// ids matches the ids of things.
	ids *regexp.Regexp
	// meddle may stand in for the sandbox: it calls next, which does not care whether the client still waits, or
	// does not.
	meddle func(w http.ResponseWriter, r heard, next func(http.ResponseWriter))

	mu    sync.Mutex
	calls []heard
}

// heard is a request, and when it came.
type heard struct {
	at time.Time
	// operation is its method and its path, ids left out.
	operation string
	query     url.Values
	body      string
}

// newStand returns a sandbox that takes two milliseconds for an answer unless o says something else.
func newStand(t *testing.T, o sandbox.Options) *stand {
	t.Helper()
	if o.Latency == nil {
		o.Latency = map[string]sandbox.Latency{"": {Median: 2 * time.Millisecond}}
	}
	o.Seed = 1
	s := &stand{
		sandbox: sandbox.New(o), options: o,
		ids: regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`),
	}
	s.client = clientOf(t, inprocess.Transport{Handler: s})
	return s
}

// ServeHTTP implements http.Handler.
func (s *stand) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h := heard{time.Now(), r.Method + strings.TrimPrefix(s.ids.ReplaceAllString(r.URL.Path, "ID"), "/apis/v2beta1"), r.URL.Query(), string(body)}
	s.mu.Lock()
	s.calls = append(s.calls, h)
	s.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	if s.meddle == nil {
		s.sandbox.ServeHTTP(w, r)
		return
	}
	s.meddle(w, h, func(w http.ResponseWriter) {
		s.sandbox.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
	})
}

// heardOf returns the requests of an operation, such as "POST/runs", in the order in which they came.
func (s *stand) heardOf(operation string) []heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.calls), func(h heard) bool { return h.operation != operation })
}

// loseAnswers makes the answers to some calls of an operation get lost: what is asked is done.
func (s *stand) loseAnswers(operation string, lost func(n int) bool) {
	s.tamper(operation, lost, func(_ http.ResponseWriter, next func(http.ResponseWriter)) {
		next(httptest.NewRecorder())
		panic(http.ErrAbortHandler)
	})
}

// fail makes some calls of an operation fail.
func (s *stand) fail(operation string, fails func(n int) bool) {
	s.tamper(operation, fails, func(w http.ResponseWriter, _ func(http.ResponseWriter)) {
		refuse(w, http.StatusInternalServerError, "asked for")
	})
}

// tamper counts the calls of an operation from 1, and does otherwise with some of them.
func (s *stand) tamper(operation string, chosen func(n int) bool, do func(http.ResponseWriter, func(http.ResponseWriter))) {
	var mu sync.Mutex
	n := 0
	before := s.meddle
	s.meddle = func(w http.ResponseWriter, h heard, next func(http.ResponseWriter)) {
		mu.Lock()
		if h.operation == operation {
			n++
		}
		now := n
		mu.Unlock()
		switch {
		case h.operation == operation && chosen(now):
			do(w, next)
		case before != nil:
			before(w, h, next)
		default:
			next(w)
		}
	}
}

// run runs a scenario, given as the text of its file, to its end.
func (s *stand) run(t *testing.T, text string) *result.Document {
	t.Helper()
	return s.runUntil(t.Context(), t, text)
}

func (s *stand) runUntil(ctx context.Context, t *testing.T, text string) *result.Document {
	t.Helper()
	return s.runWith(ctx, t, text, func(*Options) {})
}

// runWith runs a scenario with other options. Nothing is cleaned unless they say so.
func (s *stand) runWith(ctx context.Context, t *testing.T, text string, change func(*Options)) *result.Document {
	t.Helper()
	o := Options{
		RunID: "load-1", URL: serverURL, Namespace: "team", Client: s.client, Document: parse(t, text), Speed: s.options.Speed,
		Keep: result.KeepAll,
	}
	change(&o)
	d, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	checkCounts(t, d)
	return d
}

// parse reads a scenario beside which the pipeline wait.yaml lies, and others like it that take the seconds
// that they are called by.
func parse(t *testing.T, text string) *scenario.Document {
	t.Helper()
	folder := t.TempDir()
	files := map[string]string{"load.json": text, "wait.yaml": wait}
	files["fail.yaml"] = strings.Replace(wait, `duration: "2"`, `duration: soon`, 1)
	for _, seconds := range []string{"9", "60", "300", "600"} {
		files["wait-"+seconds+".yaml"] = strings.Replace(wait, `"2"`, strconv.Quote(seconds), 1)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := scenario.Load(filepath.Join(folder, "load.json"), scenario.Sources{Shipped: scenarios.FS})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// seed makes a pipeline and runs of it, and returns when the runs have ended.
func (s *stand) seed(t *testing.T, runs int) {
	t.Helper()
	pipeline, err := s.client.UploadPipeline(t.Context(), kfp.Upload{Name: "old", FileName: "wait.yaml", Content: []byte(wait)})
	if err != nil {
		t.Fatal(err)
	}
	for range runs {
		if _, err := s.client.CreateRun(t.Context(), kfp.NewRun{Name: "old", PipelineID: pipeline.ID, VersionID: pipeline.VersionID}); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(10 * time.Second)
	s.calls = nil
}
