package worker

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

const noop = "root:\n  dag:\n    tasks:\n      a:\n        cachingOptions: {enableCache: true}\n"

// entry is an entry of n runs that has a minute to start them.
func entry(mode scenario.Mode, n int) scenario.Entry {
	return scenario.Entry{
		Mode: mode, NumTimes: n, RunTime: scenario.Duration(time.Minute), PipelineFileName: "noop.yaml",
	}
}

// options runs entries against s, polling every millisecond.
func options(t *testing.T, s *server, entries ...scenario.Entry) Options {
	t.Helper()
	client, err := kfp.New(kfp.Config{BaseURL: s.URL, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		RunID: "smoke-9k2d", URL: s.URL, Namespace: "team", Client: client,
		Document: &scenario.Document{
			Name: "smoke", Entries: entries, Pipelines: map[string][]byte{"noop.yaml": []byte(noop)},
		},
		Drain: time.Minute, Poll: time.Millisecond, Version: "v0", patience: time.Millisecond,
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
	for _, e := range d.Entries {
		c := e.Counts
		if c.Planned != c.NotStarted+c.Errors+c.Succeeded+c.Failed+c.Unfinished {
			t.Errorf("%s: counts do not add up: %+v", e.Name(), c)
		}
		if len(e.Runs) != c.Planned-c.NotStarted {
			t.Errorf("%s: %d runs for counts %+v", e.Name(), len(e.Runs), c)
		}
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

func callsOf(d *result.Document, operation string) metrics.Operation {
	for _, o := range slices.Concat(d.API, d.Own) {
		if o.Name == operation {
			return o
		}
	}
	return metrics.Operation{}
}
