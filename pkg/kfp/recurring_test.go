package kfp

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"testing"
	"time"
)

// paged answers a list page by page: each one's token is the number of the next.
func paged(pages ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("page_token"), &i)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, pages[i])
	}
}

func TestRecurringRunIsReadAsTheServerWritesIt(t *testing.T) {
	created := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for body, want := range map[string]RecurringRun{
		`{"recurring_run_id":"s","display_name":"one","pipeline_version_reference":{"pipeline_id":"p","pipeline_version_id":"v"},` +
			`"max_concurrency":"3","trigger":{"cron_schedule":{"cron":"0 */5 * * * *"}},"mode":"ENABLE","no_catchup":true,` +
			`"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:09Z","status":"ENABLED","namespace":"kubeflow"}`: {
			ID: "s", Name: "one", Created: created, Updated: created.Add(4 * time.Second), Enabled: true,
		},
		`{"recurring_run_id":"s","mode":"DISABLE","status":"DISABLED","created_at":"1970-01-01T00:00:00Z"}`: {ID: "s"},
		`{"recurring_run_id":"s","created_at":"0001-01-01T00:00:00Z","error":{"code":13,"message":"no"}}`:   {ID: "s"},
		`{"recurring_run_id":"s","status":"STATUS_UNSPECIFIED","trigger":{"periodic_schedule":{}}}`:         {ID: "s"},
	} {
		got, err := to(t, serve(t, ok(body)), Config{}).CreateRecurringRun(t.Context(), NewRecurringRun{Name: "one"})
		if err != nil || got != want {
			t.Errorf("%s\nis %+v, %v\nwant %+v", body, got, err, want)
		}
	}
}

func TestNewRecurringRunWithoutAnIDIsNoAnswerOfKFP(t *testing.T) {
	for _, body := range []string{`{}`, `null`} {
		var told witness
		_, err := to(t, serve(t, ok(body)), Config{Observe: told.observe}).CreateRecurringRun(t.Context(), NewRecurringRun{Name: "one"})
		check(t, err, &told, ClassDecode, http.StatusOK, errNoRecurringRun)
	}
}

func TestRecurringRunsAreReadToTheLastPage(t *testing.T) {
	s := serve(t, paged(
		`{"recurringRuns":[{"recurring_run_id":"a","status":"ENABLED"},null,{}],"total_size":3,"next_page_token":"1"}`,
		`{"total_size":3,"next_page_token":"2"}`,
		`{"recurringRuns":[{"recurring_run_id":"b","status":"DISABLED"}],"total_size":3}`,
	))
	var told witness
	got, err := to(t, s, Config{Observe: told.observe}).ListRecurringRunsOf(t.Context(), "", "e")
	if want := []RecurringRun{{ID: "a", Enabled: true}, {ID: "b"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if len(s.requests()) != 3 || len(told.calls) != 3 {
		t.Fatalf("%d requests, told of %+v", len(s.requests()), told.calls)
	}
	for i, r := range s.requests() {
		r.query.Del("page_token")
		if r.query.Encode() != "experiment_id=e&page_size=200&sort_by=created_at+asc" {
			t.Errorf("page %d was asked for with %v", i, r.query)
		}
	}
}

func TestRecurringRunsThatWereReadAreToldBesideAnError(t *testing.T) {
	read := `{"recurringRuns":[{"recurring_run_id":"a"}],"next_page_token":"1"}`
	s := serve(t, paged(read, `<html>`))
	got, err := to(t, s, Config{}).ListRecurringRunsOf(t.Context(), "", "e")
	if failed := failure(t, err); len(got) != 1 || failed.Class != ClassDecode {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestListWithoutAnEndIsLeft(t *testing.T) {
	s := serve(t, ok(`{"recurringRuns":[{"recurring_run_id":"a"}],"next_page_token":"again"}`))
	got, err := to(t, s, Config{}).ListRecurringRunsOf(t.Context(), "", "e")
	if err == nil || len(got) != maxPages || len(s.requests()) != maxPages {
		t.Errorf("got %d in %d requests, %v", len(got), len(s.requests()), err)
	}
}

func TestCreationOfAScheduleIsNotSentAgain(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			hangUp(w, "")
			return
		}
		ok(`{}`)(w, r)
	})
	client := to(t, s, Config{})
	if _, err := client.Health(t.Context()); err != nil { // the connection is an old one then
		t.Fatal(err)
	}
	_, err := client.CreateRecurringRun(t.Context(), NewRecurringRun{Name: "one", Cron: "0 * * * * *"})
	if failed := failure(t, err); failed.Class != ClassConnection || len(s.requests()) != 2 {
		t.Errorf("%d requests, %v", len(s.requests()), err)
	}
}
