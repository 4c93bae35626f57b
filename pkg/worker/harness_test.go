package worker

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/test/inprocess"
)

const noop = "root:\n  dag:\n    tasks:\n      a:\n        cachingOptions: {enableCache: true}\n"

// entry is an entry of n runs that has a minute to start them.
func entry(mode scenario.Mode, n int) scenario.Entry {
	return scenario.Entry{
		Mode: mode, NumTimes: n, RunTime: scenario.Duration(time.Minute), PipelineFileName: "noop.yaml",
	}
}

// serverURL is where servers in this process are said to be.
const serverURL = "http://kfp.example.com"

// clientOf is a client whose requests are carried by transport.
func clientOf(t *testing.T, transport http.RoundTripper) *kfp.Client {
	t.Helper()
	client, err := kfp.New(kfp.Config{BaseURL: serverURL, Timeout: 10 * time.Second, Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// options runs entries against s, polling every millisecond.
func options(t *testing.T, s *server, entries ...scenario.Entry) Options {
	t.Helper()
	return Options{
		RunID: "smoke-9k2d", URL: serverURL, Namespace: "team", Client: clientOf(t, inprocess.Transport{Handler: s}),
		Document: &scenario.Document{
			Name: "smoke", Entries: entries, Pipelines: map[string][]byte{"noop.yaml": []byte(noop)},
		},
		Drain: time.Minute, Poll: time.Millisecond, Version: "v0", Keep: result.KeepAll,
	}
}

// run returns the result of a run that must have one, and checks what every result must keep.
func run(t *testing.T, o Options) *result.Document {
	t.Helper()
	return runUntil(t.Context(), t, o)
}

func runUntil(ctx context.Context, t *testing.T, o Options) *result.Document {
	t.Helper()
	d, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	checkCounts(t, d)
	for _, e := range d.Entries {
		for _, r := range e.Runs {
			if r.Created.IsZero() != (r.ID == "" || r.Error != "") {
				t.Errorf("%s: created %v in %+v", e.Name(), r.Created, r)
			}
			if r.Sent.Before(r.Planned) || (!r.Created.IsZero() && r.Created.Before(r.Sent)) || r.Sent.Location() != time.UTC {
				t.Errorf("%s: times of %+v", e.Name(), r)
			}
		}
	}
	if _, err := result.Encode(d); err != nil {
		t.Error(err)
	}
	return d
}

// checkCounts checks that the counts of a result add up, and that there is a record of every run that they
// count.
func checkCounts(t *testing.T, d *result.Document) {
	t.Helper()
	for _, e := range d.Entries {
		all := e.Counts
		if e.WarmUp != nil {
			all = all.Plus(e.WarmUp.Counts)
		}
		for _, c := range []result.Counts{e.Counts, all} {
			if c.Planned != c.NotStarted+c.Dropped+c.Errors+c.Succeeded+c.Failed+c.Unfinished {
				t.Errorf("%s: counts do not add up: %+v", e.Name(), c)
			}
		}
		if e.MakesRuns() && len(e.Runs)+e.RunsLeftOut != all.Planned-all.NotStarted-all.Dropped {
			t.Errorf("%s: %d runs for counts %+v", e.Name(), len(e.Runs), all)
		}
	}
}

func callsOf(d *result.Document, operation string) metrics.Operation {
	for _, o := range slices.Concat(d.API, d.Own) {
		if o.Name == operation {
			return o
		}
	}
	return metrics.Operation{}
}
