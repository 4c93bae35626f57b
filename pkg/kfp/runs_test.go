package kfp

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

func TestRunsOfAnExperimentAreReadPageByPage(t *testing.T) {
	s := serve(t, paged(
		`{"runs":[{"run_id":"a","recurring_run_id":"s","created_at":"2026-01-02T03:05:01Z","scheduled_at":"2026-01-02T03:05:00Z",`+
			`"finished_at":"1970-01-01T00:00:00Z","state":"RUNNING"},null],"total_size":2,"next_page_token":"1"}`,
		`{"runs":[{"run_id":"b","scheduled_at":"0001-01-01T00:00:00Z"},{"run_id":"c","scheduled_at":"1970-01-01T00:00:00Z"}],"total_size":2}`,
	))
	client := to(t, s, Config{})
	at := func(second int) time.Time { return time.Date(2026, 1, 2, 3, 5, second, 0, time.UTC) }
	first, next, err := client.RunsOfExperiment(t.Context(), "team", "e", "")
	want := []Run{{ID: "a", RecurringRunID: "s", State: "RUNNING", Created: at(1), Scheduled: at(0)}}
	if err != nil || next != "1" || !reflect.DeepEqual(first, want) {
		t.Errorf("got %+v, %q, %v; want %+v", first, next, err, want)
	}
	second, next, err := client.RunsOfExperiment(t.Context(), "team", "e", next)
	if want := []Run{{ID: "b"}, {ID: "c"}}; err != nil || next != "" || !reflect.DeepEqual(second, want) {
		t.Errorf("got %+v, %q, %v; want %+v", second, next, err, want)
	}
	const query = "experiment_id=e&namespace=team&page_size=200&sort_by=created_at+asc"
	if seen := s.requests(); seen[0].query.Encode() != query || len(seen) != 2 {
		t.Errorf("first asked for %v in %d requests", seen[0].query, len(seen))
	}
}

func TestRunsOfNoExperimentAreNotThoseOfAll(t *testing.T) {
	s := serve(t, ok(`{"runs":[{"run_id":"a"}]}`))
	got, next, err := to(t, s, Config{}).RunsOfExperiment(t.Context(), "team", "", "")
	if got != nil || next != "" || !errors.Is(err, errNoExperimentAsked) || len(s.requests()) > 0 {
		t.Errorf("got %+v, %q, %v in %d requests", got, next, err, len(s.requests()))
	}
}

func TestEndOfARunIsAskedForOnce(t *testing.T) {
	s := serve(t, answers(400, "application/json", `{"code":3,"message":"Row not found"}`))
	failed := failure(t, to(t, s, Config{}).TerminateRun(t.Context(), "r"))
	if failed.Class != "http 400 INVALID_ARGUMENT" || failed.Code != 3 || failed.Error() != "TerminateRun: HTTP 400: Row not found" {
		t.Errorf("%+v", failed)
	}
	s.only(t)
}
