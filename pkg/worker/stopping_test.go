package worker

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

// making are the calls that put load on, or make something that does.
func making() []string {
	return []string{"POST/runs", "POST/experiments", "POST/pipelines/upload", "POST/pipelines/upload_version", "POST/recurringruns"}
}

// stopping is an entry that is stopped in its 15th second.
type stopping struct {
	name, entry string
	// took is from the stop to the end of a run that waits for what is under way, abandoned of one that does not.
	took, abandoned time.Duration
	// succeeded and unfinished are what became of the started work when it is waited for, at the least.
	succeeded, unfinished int
}

func stops() []stopping {
	return []stopping{
		{"runs under way", `"mode": "PIPELINE_RUN", "numTimes": 5, "pipelineFileName": "wait-60.yaml"`, time.Minute, 5 * time.Second, 5, 0},
		{"runs that outlast the drain", `"mode": "PIPELINE_RUN", "numTimes": 5, "drain": "30s", "pipelineFileName": "wait-60.yaml"`, 32 * time.Second, 5 * time.Second, 0, 5},
		{"open", `"mode": "PIPELINE_RUN", "load": {"rate": "2/s"}, "pipelineFileName": "wait-9.yaml"`, 15 * time.Second, 5 * time.Second, 25, 0},
		{"closed", `"mode": "EXPERIMENT", "load": {"inFlight": 3}, "pipelineFileName": "wait-9.yaml"`, 15 * time.Second, 5 * time.Second, 3, 0},
		{"reads", `"mode": "RANDOM_GETS", "load": {"rate": "7/s"}`, 2 * time.Second, 2 * time.Second, 90, 0},
		{"clients that read", `"mode": "RANDOM_GETS", "numTimes": 2`, 2 * time.Second, 2 * time.Second, 30, 0},
		{"uploads", `"mode": "PIPELINE_UPLOAD", "numTimes": 200, "pipelineFileName": "wait.yaml"`, 2 * time.Second, 2 * time.Second, 25, 0},
		{"a schedule", `"mode": "PIPELINE_SCHEDULED_RUN", "numTimes": 1, "cron": "*/5 * * * * *", "pipelineFileName": "wait-9.yaml"`, 30 * time.Second, 5 * time.Second, 1, 0},
		{"not begun", `"mode": "PIPELINE_RUN", "startTime": 50, "pipelineFileName": "wait.yaml"`, 2 * time.Second, 2 * time.Second, 0, 0},
	}
}

func TestAStopWaitsForWhatIsUnderWay(t *testing.T) {
	for _, test := range stops() {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, took := test.stop(t, func(o *Options, signal chan struct{}) { o.Stop = signal })
				e := d.Entries[0]
				if took > test.took || e.Counts.Succeeded < test.succeeded || e.Counts.Unfinished != test.unfinished || e.Counts.Errors != 0 {
					t.Errorf("took %v, counts %+v", took, e.Counts)
				}
			})
		})
	}
}

func TestAnAbandonedRunWaitsForNothing(t *testing.T) {
	for _, test := range stops() {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if _, took := test.stop(t, func(o *Options, signal chan struct{}) { o.Abandon = signal }); took > test.abandoned {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

// stop runs the entry until it is stopped, and returns how long it took from then on.
func (test stopping) stop(t *testing.T, by func(*Options, chan struct{})) (*result.Document, time.Duration) {
	t.Helper()
	s := newStand(t, sandbox.Options{Latency: map[string]sandbox.Latency{"": {Median: 300 * time.Millisecond}}})
	signal := make(chan struct{})
	var stopped time.Time
	time.AfterFunc(15*time.Second, func() {
		stopped = time.Now()
		close(signal)
	})
	d := s.runWith(t.Context(), t, `[{"runTime": "100s", `+test.entry+`}]`, func(o *Options) { by(o, signal) })
	took := time.Since(stopped)
	if !d.Interrupted || d.Verdict.Status != result.Invalid || d.Entries[0].Failure != "" {
		t.Errorf("interrupted %v, verdict %+v, failure %q", d.Interrupted, d.Verdict, d.Entries[0].Failure)
	}
	for _, h := range s.calls {
		if h.at.After(stopped) && slices.Contains(making(), h.operation) {
			t.Errorf("%s came %v after the stop", h.operation, h.at.Sub(stopped))
		}
	}
	s.nothingRecurs(t)
	return d, took
}

func TestAStopBeforeTheBeginningStartsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		signal := make(chan struct{})
		close(signal)
		d := s.runWith(t.Context(), t, `[{"mode": "PIPELINE_RUN", "runTime": "10s", "numTimes": 5, "pipelineFileName": "wait.yaml"}]`,
			func(o *Options) { o.Stop = signal })
		if e := d.Entries[0]; e.Counts != (result.Counts{Planned: 5, NotStarted: 5}) || e.Failure != "" || !d.Interrupted {
			t.Errorf("%+v, interrupted %v", e.Counts, d.Interrupted)
		}
		for _, h := range s.calls {
			if strings.HasPrefix(h.operation, "POST") {
				t.Errorf("asked for %s", h.operation)
			}
		}
	})
}
