package worker

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/sandbox"
)

const twice = `"runTime": "3m30s", "numTimes": 2, "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"`

// Nothing recurring is left on any way out.
func TestRecurringRunsAreTakenBack(t *testing.T) {
	always := func(int) bool { return true }
	first := func(n int) bool { return n == 1 }
	for _, test := range []struct {
		name   string
		meddle func(*stand)
		// recurring and fired are what the result says of the schedule; failure and warning are parts of it.
		recurring, fired int
		failure, warning string
	}{
		{"one creation failed", func(s *stand) { s.fail("POST/recurringruns", first) }, 1, 3, "", "1 of 2 calls that create a recurring run failed (http 500 INTERNAL)"},
		{"every creation failed", func(s *stand) { s.fail("POST/recurringruns", always) }, 0, 0, "no recurring run could be created", "2 of 2 calls"},
		{"one answer was lost", func(s *stand) { s.loseAnswers("POST/recurringruns", first) }, 2, 6, "", "1 of 2 calls that create a recurring run failed (connection)"},
		{"every answer was lost", func(s *stand) { s.loseAnswers("POST/recurringruns", always) }, 2, 6, "", "2 of 2 calls"},
		{"disabling failed at first", func(s *stand) { s.fail("POST/recurringruns/ID:disable", func(n int) bool { return n <= 3 }) }, 2, 6, "", ""},
		{"deleting failed at first", func(s *stand) { s.fail("DELETE/recurringruns/ID", func(n int) bool { return n <= 3 }) }, 2, 6, "", ""},
		{"answers to deleting were lost", func(s *stand) { s.loseAnswers("DELETE/recurringruns/ID", always) }, 2, 6, "", ""},
		{"the last list failed", func(s *stand) { s.fail("GET/recurringruns", always) }, 2, 6, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, sandbox.Options{})
				test.meddle(s)
				d := s.run(t, scheduled(twice))
				e, warnings := d.Entries[0], strings.Join(d.Warnings, "\n")
				if got := e.Schedule; got.RecurringRuns != test.recurring || got.Fired != test.fired || got.Left != 0 || got.Missed != 0 {
					t.Errorf("schedule %+v", got)
				}
				if e.Counts != (result.Counts{Planned: test.fired, Succeeded: test.fired}) {
					t.Errorf("counts %+v", e.Counts)
				}
				if (e.Failure == "") != (test.failure == "") || !strings.Contains(e.Failure, test.failure) || !strings.Contains(warnings, test.warning) {
					t.Errorf("failure %q, warnings %s", e.Failure, warnings)
				}
				if strings.Contains(warnings, "could not be deleted") || strings.Contains(warnings, "could not be disabled") {
					t.Errorf("warnings %s", warnings)
				}
				s.meddle = nil
				s.nothingRecurs(t)
			})
		})
	}
}

func TestWhatCannotBeTakenBackIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.fail("DELETE/recurringruns/ID", func(int) bool { return true })
		s.fail("POST/recurringruns/ID:disable", func(int) bool { return true })
		d := s.run(t, scheduled(twice+`, "drain": "20s"`))
		warnings := strings.Join(d.Warnings, "\n")
		for _, want := range []string{"2 of 2 recurring runs could not be disabled", "2 recurring runs could not be deleted and may go on to make runs, in experiment " + d.Entries[0].ExperimentID} {
			if !strings.Contains(warnings, want) {
				t.Errorf("nothing says %q: %s", want, warnings)
			}
		}
		if d.Entries[0].Schedule.Left != 2 {
			t.Errorf("schedule %+v", d.Entries[0].Schedule)
		}
	})
}

func TestACancellationTakesRecurringRunsBack(t *testing.T) {
	for _, test := range []struct {
		name    string
		options sandbox.Options
		fields  string
		after   time.Duration
		fired   int
	}{
		{"in the middle", sandbox.Options{}, twice, 2*time.Minute + 30*time.Second, 4},
		{"while they are being made", sandbox.Options{Latency: map[string]sandbox.Latency{"CreateRecurringRun": {Median: 3 * time.Second}, "": {Median: time.Millisecond}}},
			twice, 2 * time.Second, 0},
		{"before they are made", sandbox.Options{Latency: map[string]sandbox.Latency{"UploadPipeline": {Median: 5 * time.Second}, "": {Median: time.Millisecond}}},
			twice, 2 * time.Second, 0},
		{"of a throttled server", sandbox.Options{Throttle: sandbox.Throttle{QPS: 5, Burst: 10}},
			`"runTime": "3m30s", "numTimes": 55, "cron": "*/1 * * * *", "pipelineFileName": "wait.yaml"`, 90 * time.Second, 55},
		{"of a throttled server, with runs", sandbox.Options{Throttle: sandbox.Throttle{QPS: 5, Burst: 10}},
			`"runTime": "3m30s", "numTimes": 40, "cron": "*/1 * * * *", "terminate": true, "pipelineFileName": "wait-600.yaml"`, 90 * time.Second, 40},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStand(t, test.options)
				ctx, cancel := context.WithTimeout(t.Context(), test.after)
				defer cancel()
				start := time.Now()
				d := s.runUntil(ctx, t, scheduled(test.fields))
				if took := time.Since(start) - test.after; took > 20*time.Second || d.Verdict.Status != result.Invalid {
					t.Errorf("ended %v after the cancellation, verdict %+v", took, d.Verdict)
				}
				e := d.Entries[0]
				if e.Failure != "" || len(e.Runs) != test.fired {
					t.Errorf("failure %q, %d runs", e.Failure, len(e.Runs))
				}
				if test.fired > 0 && (e.Schedule.Fired != test.fired || e.Schedule.Expected != test.fired || e.Schedule.Left != 0) {
					t.Errorf("schedule %+v", e.Schedule)
				}
				s.nothingRecurs(t)
			})
		})
	}
}

// The server makes a recurring run after it told that it could not.
func TestARecurringRunThatIsMadeLateIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStand(t, sandbox.Options{})
		s.tamper("POST/recurringruns", func(n int) bool { return n == 2 }, func(w http.ResponseWriter, next func(http.ResponseWriter)) {
			refuse(w, http.StatusGatewayTimeout, "upstream")
			time.AfterFunc(30*time.Second, func() { next(discard{}) })
		})
		d := s.run(t, scheduled(twice))
		if e := d.Entries[0]; e.Schedule.RecurringRuns != 2 || e.Schedule.Fired != 6 || e.Schedule.Missed != 0 {
			t.Errorf("schedule %+v", e.Schedule)
		}
		s.nothingRecurs(t)
	})
}

// discard is where an answer goes that nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
