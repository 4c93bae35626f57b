package sandbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// history is how many runs the server of the benchmarks has.
const history = 100_000

// Each of these benchmarks has one caller and three lines: what the sandbox takes by itself, what a call of the
// product's client takes over loopback, and what it takes when a bare handler of the standard library sends the
// same bytes without looking at the request. The ratio of the last two, "/canned", is what the sandbox adds to what
// the client and the network need anyhow.

func BenchmarkCreateRun(b *testing.B) {
	s, runs := aged(b)
	one := runs[0]
	compare(b, s, http.MethodPost, "/runs", func(ctx context.Context, c *kfp.Client) error {
		_, err := c.CreateRun(ctx, kfp.NewRun{
			Name: "one", ExperimentID: one.experimentID, PipelineID: one.reference.PipelineID, VersionID: one.reference.PipelineVersionID,
		})
		return err
	}, `{"display_name":"one","experiment_id":"`+one.experimentID+`","pipeline_version_reference":{"pipeline_id":"`+one.reference.PipelineID+`"}}`)
}

func BenchmarkGetRun(b *testing.B) {
	s, runs := aged(b)
	id := runs[history/2].id
	compare(b, s, http.MethodGet, "/runs/"+id, func(ctx context.Context, c *kfp.Client) error {
		return c.Fetch(ctx, kfp.Runs, id, "")
	}, "")
}

func BenchmarkListRuns(b *testing.B) {
	s, runs := aged(b)
	deep := cursor{SortBy: createdAt, Value: moment(runs[history/2].entry.created), ID: runs[history/2].id}
	for name, q := range map[string]kfp.Query{
		"first page of 20":         {PageSize: 20, SortBy: "created_at desc"},
		"first page of 200":        {PageSize: 200, SortBy: "created_at desc"},
		"page of 20 in the middle": {PageSize: 20, PageToken: deep.token()},
	} {
		query := url.Values{"page_size": {fmt.Sprint(q.PageSize)}, "sort_by": {q.SortBy}, "page_token": {q.PageToken}}
		b.Run(name, func(b *testing.B) {
			compare(b, s, http.MethodGet, "/runs?"+query.Encode(), func(ctx context.Context, c *kfp.Client) error {
				page, err := c.List(ctx, kfp.Runs, q)
				if len(page.IDs()) != q.PageSize {
					b.Errorf("a page of %d", len(page.IDs()))
				}
				return err
			}, "")
		})
	}
	ids := make([]string, kfp.MaxBatch)
	for i := range ids {
		ids[i] = runs[i*997%history].id
	}
	query := url.Values{"page_size": {"200"}, "filter": {in("run_id", ids...)}}
	b.Run("a batch by id", func(b *testing.B) {
		compare(b, s, http.MethodGet, "/runs?"+query.Encode(), func(ctx context.Context, c *kfp.Client) error {
			found, err := c.ListRunsByID(ctx, "", ids)
			if len(found) != len(ids) {
				b.Errorf("found %d runs", len(found))
			}
			return err
		}, "")
	})
}

// aged returns a server with a history of runs that have ended, of a task each, and the runs.
func aged(b *testing.B) (subject, rows[*run]) {
	b.Helper()
	s := newSubject(Options{Seed: 1})
	parsed, err := parseSpec([]byte(inlinePackage))
	if err != nil {
		b.Fatal(err)
	}
	p := s.newPipeline("add", "", "")
	v := s.newVersion(p, "add", "", &parsed)
	s.store.pipelines.add(p)
	s.store.versions.add(v)
	for i := range history {
		s.store.runs.add(s.newRun(&run{
			name: fmt.Sprintf("run-%d", i), experimentID: s.store.experiments.all[0].id, serviceAccount: defaultAccount,
			scheduled: s.Now(), reference: &versionReference{p.id, v.id}, workflow: "add", life: life{spec: &parsed},
		}, s.Now()))
		s.clock.advance(100 * time.Millisecond)
	}
	s.clock.advance(time.Hour)
	return s, slices.Clone(s.store.runs.all)
}

// compare measures a request, which is also what call sends.
func compare(b *testing.B, s subject, method, path string, call func(context.Context, *kfp.Client) error, body string) {
	b.Helper()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, httptest.NewRequest(method, prefix+path, strings.NewReader(body)))
	answer := recorder.Body.Bytes()
	if recorder.Code != http.StatusOK {
		b.Fatalf("answered %d %.300s", recorder.Code, answer)
	}
	b.Run("sandbox alone", func(b *testing.B) {
		b.ReportAllocs()
		request := httptest.NewRequest(method, prefix+path, nil)
		var w discard
		for b.Loop() {
			request.Body = io.NopCloser(strings.NewReader(body))
			if s.ServeHTTP(&w, request); w.status != http.StatusOK {
				b.Fatal(w.status)
			}
		}
	})
	var floor float64
	b.Run("client and canned answer", func(b *testing.B) {
		floor = overLoopback(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // it is in memory
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		}), call)
	})
	b.Run("client and sandbox", func(b *testing.B) {
		b.ReportMetric(overLoopback(b, s, call)/floor, "/canned")
	})
}

// overLoopback measures a call over HTTP, and returns what one takes in nanoseconds.
func overLoopback(b *testing.B, h http.Handler, call func(context.Context, *kfp.Client) error) float64 {
	b.Helper()
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	client, err := kfp.New(kfp.Config{BaseURL: server.URL})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := call(b.Context(), client); err != nil {
			b.Fatal(err)
		}
	}
	return float64(b.Elapsed().Nanoseconds()) / float64(b.N)
}

// discard is a response that nobody reads.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header {
	if d.header == nil {
		d.header = http.Header{}
	}
	return d.header
}

func (d *discard) WriteHeader(status int) { d.status = status }

func (d *discard) Write(content []byte) (int, error) { return len(content), nil }
