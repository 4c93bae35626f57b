package kfp

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"
)

func TestListReadsAPageOfAnyKind(t *testing.T) {
	for kind, keys := range map[Kind][2]string{
		Pipelines: {"pipelines", "pipeline_id"}, PipelineVersions: {"pipeline_versions", "pipeline_version_id"},
		Experiments: {"experiments", "experiment_id"}, Runs: {"runs", "run_id"},
		RecurringRuns: {"recurringRuns", "recurring_run_id"},
	} {
		for body, want := range map[string]Page{
			`{"%[1]s":[{"%[2]s":"b"},null,{},{"%[2]s":"a","display_name":"one","description":"made by hand","error":{"code":13}}],"total_size":7,"next_page_token":"t="}`: {
				Items: []Item{{ID: "b"}, {"a", "one", "made by hand"}}, Next: "t=", Total: 7,
			},
			`{"%[1]s":[],"total_size":0,"%[2]s":"x"}`: {}, `{"more":"%[1]s%[2]s"}`: {},
		} {
			body = fmt.Sprintf(body, keys[0], keys[1])
			got, err := to(t, serve(t, ok(body)), Config{}).List(t.Context(), kind, Query{PipelineID: "p"})
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %s\nis %+v, %v\nwant %+v", kind, body, got, err, want)
			}
		}
	}
}

// TestNextPageIsAskedForLikeTheFirst is about what the server insists on: a token goes with the filter and the
// order that it was given for.
func TestNextPageIsAskedForLikeTheFirst(t *testing.T) {
	s := serve(t, ok(`{"runs":[{"run_id":"a"}],"next_page_token":"eyJ+/=="}`))
	client := to(t, s, Config{})
	q := Query{ExperimentID: "e", PageSize: 1, SortBy: "created_at desc", Filter: `{"predicates":[]}`}
	for range 2 {
		page, err := client.List(t.Context(), Runs, q)
		if err != nil {
			t.Fatal(err)
		}
		q.PageToken = page.Next
	}
	if err := client.Scan(t.Context(), Runs, q); err != nil {
		t.Fatal(err)
	}
	first, second, third := s.requests()[0].query, s.requests()[1].query, s.requests()[2].query
	want := url.Values{
		"experiment_id": {"e"}, "page_size": {"1"}, "sort_by": {"created_at desc"}, "filter": {`{"predicates":[]}`},
	}
	if !reflect.DeepEqual(first, want) {
		t.Errorf("asked for %v, want %v", first, want)
	}
	want.Set("page_token", "eyJ+/==")
	if !reflect.DeepEqual(second, want) || !reflect.DeepEqual(third, want) {
		t.Errorf("then asked for %v, %v; want %v", second, third, want)
	}
}

func TestPageSizeIsSentAsItIs(t *testing.T) {
	for size, want := range map[int]string{
		-1: "-1", 1: "1", 200: "200", 1000: "1000", math.MaxInt: "2147483647", math.MinInt: "-2147483648",
	} {
		s := serve(t, ok(`{}`))
		if err := to(t, s, Config{}).Scan(t.Context(), Experiments, Query{PageSize: size}); err != nil {
			t.Fatal(err)
		}
		if got := s.only(t).query.Get("page_size"); got != want {
			t.Errorf("%d is sent as %q, want %q", size, got, want)
		}
	}
}

// TestNothingElseIsCountedAsAGet has the paths that would be those of other calls.
func TestNothingElseIsCountedAsAGet(t *testing.T) {
	s := serve(t, ok(`{}`))
	var told witness
	client := to(t, s, Config{Observe: told.observe})
	_, list := client.List(t.Context(), PipelineVersions, Query{})
	scan := client.Scan(t.Context(), PipelineVersions, Query{})
	orphan := client.Fetch(t.Context(), PipelineVersions, "v", "")
	if !errors.Is(list, errNoParent) || !errors.Is(scan, errNoParent) || !errors.Is(orphan, errNoParent) {
		t.Errorf("versions of nothing: %v, %v, %v", list, scan, orphan)
	}
	if err := client.Fetch(t.Context(), Runs, "", ""); !errors.Is(err, errNoID) {
		t.Errorf("a run without an id: %v", err)
	}
	if len(s.requests()) > 0 || len(told.calls) > 0 {
		t.Errorf("sent %d requests, told of %+v", len(s.requests()), told.calls)
	}
}

func TestKindThatKFPDoesNotHave(t *testing.T) {
	s := serve(t, ok(`{}`))
	client := to(t, s, Config{})
	if _, err := client.List(t.Context(), "Apples", Query{}); failure(t, err).Operation != "ListApples" {
		t.Error(err)
	}
	if err := client.Fetch(t.Context(), "Apples", "a", ""); failure(t, err).Operation != "GetApple" {
		t.Error(err)
	}
	if len(s.requests()) > 0 {
		t.Errorf("%d requests were sent", len(s.requests()))
	}
}

func TestDrainedCallIsDoneWhenTheLastByteCame(t *testing.T) {
	var whole time.Time
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"run_id":`)
		_ = http.NewResponseController(w).Flush()
		whole = time.Now()
		_, _ = io.WriteString(w, `"r"}`)
	})
	var told witness
	if err := to(t, s, Config{Observe: told.observe}).Fetch(t.Context(), Runs, "r", ""); err != nil {
		t.Fatal(err)
	}
	if got := told.only(t); got.Done.Before(whole) || got.BytesIn != int64(len(`{"run_id":"r"}`)) {
		t.Errorf("told of %+v, the last byte was sent %s", got, whole)
	}
}

func TestTimeoutWithinADrainedAnswer(t *testing.T) {
	s, _ := blocked(t, `{"run_id":`)
	var told witness
	client := to(t, s, Config{Timeout: 50 * time.Millisecond, Observe: told.observe})
	check(t, client.Scan(t.Context(), Runs, Query{}), &told, ClassTimeout, http.StatusOK, nil)
}
