package kfp

import (
	"errors"
	"net/http"
	"reflect"
	"testing"
)

func TestEverythingIsReadToTheLastPage(t *testing.T) {
	s := serve(t, paged(
		`{"runs":[{"run_id":"a","state":"FAILED","description":"ours","run_details":{"task_details":[{"task_id":"t"}]}},null],"next_page_token":"1"}`,
		`{"next_page_token":"2"}`,
		`{"runs":[{"run_id":"b","recurring_run_id":"s","experiment_id":"e"}]}`,
	))
	client := to(t, s, Config{})
	var runs []Run
	err := client.EveryRun(t.Context(), Query{ExperimentID: "e"}, func(r Run) bool {
		runs = append(runs, r)
		return true
	})
	want := []Run{{ID: "a", State: "FAILED", Description: "ours"}, {ID: "b", RecurringRunID: "s", ExperimentID: "e"}}
	if err != nil || !reflect.DeepEqual(runs, want) {
		t.Errorf("got %+v, %v; want %+v", runs, err, want)
	}
	items, err := client.Every(t.Context(), Runs, Query{ExperimentID: "e"})
	if want := []Item{{ID: "a", Description: "ours"}, {ID: "b"}}; err != nil || !reflect.DeepEqual(items, want) {
		t.Errorf("got %+v, %v; want %+v", items, err, want)
	}
	if n := len(s.requests()); n != 6 {
		t.Errorf("%d calls", n)
	}
	if err := client.EveryRun(t.Context(), Query{}, func(Run) bool { return false }); err != nil || len(s.requests()) != 7 {
		t.Errorf("who wants no more gets %d calls, %v", len(s.requests())-6, err)
	}
}

func TestAListThatBreaksOffIsAnError(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page_token") == "" {
			ok(`{"runs":[{"run_id":"a"}],"next_page_token":"1"}`)(w, r)
			return
		}
		answers(http.StatusInternalServerError, "application/json", `{"code":13,"message":"no"}`)(w, r)
	})
	client := to(t, s, Config{})
	taken := 0
	err := client.EveryRun(t.Context(), Query{}, func(Run) bool { taken++; return true })
	if StatusOf(err) != http.StatusInternalServerError || taken != 1 {
		t.Errorf("%d, %v", taken, err)
	}
	if items, err := client.Every(t.Context(), Runs, Query{}); StatusOf(err) != http.StatusInternalServerError || len(items) != 1 {
		t.Errorf("%+v, %v", items, err)
	}
}

func TestNothingWithoutAnIDIsDeleted(t *testing.T) {
	s := serve(t, ok(`{}`))
	client := to(t, s, Config{})
	for _, err := range []error{
		client.DeleteExperiment(t.Context(), ""), client.DeletePipeline(t.Context(), ""),
		client.DeletePipelineVersion(t.Context(), "", "v"), client.DeletePipelineVersion(t.Context(), "p", ""),
		client.DeleteRun(t.Context(), ""), client.DeleteRecurringRun(t.Context(), ""),
	} {
		if !errors.Is(err, errNoID) {
			t.Error(err)
		}
	}
	if len(s.requests()) > 0 {
		t.Errorf("sent %+v", s.requests())
	}
}
