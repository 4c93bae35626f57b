package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestExperimentIsToldAsItWasAskedFor(t *testing.T) {
	s := newSubject(Options{})
	s.clock.advance(time.Minute)
	made := post[experimentMessage](t, s, "/experiments", `{"display_name":"own","description":"a test","namespace":"of no account"}`)
	want := experimentMessage{
		ExperimentID: made.ExperimentID, DisplayName: "own", Description: "a test", StorageState: available,
		CreatedAt: stamp(begin().Add(time.Minute).Truncate(time.Second)),
	}
	for name, got := range map[string]experimentMessage{
		"made": made, "got": get[experimentMessage](t, s, "/experiments/"+made.ExperimentID, nil),
		"listed": get[struct{ Experiments []experimentMessage }](t, s, "/experiments", url.Values{"sort_by": {"created_at desc"}}).Experiments[0],
	} {
		if got != want || got.ExperimentID == "" {
			t.Errorf("%s %+v, want %+v", name, got, want)
		}
	}
}

func TestExperimentThatIsDeletedLeavesItsName(t *testing.T) {
	s := newSubject(Options{})
	own := post[listedRun](t, s, "/experiments", `{"display_name":"own"}`).Experiment
	s.expect(t, http.StatusConflict, http.MethodPost, "/experiments", `{"display_name":"OWN"}`)
	s.expect(t, http.StatusOK, http.MethodDelete, "/experiments/"+own, "")
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		s.expect(t, http.StatusNotFound, method, "/experiments/"+own, "")
	}
	for _, path := range []string{"/runs", "/recurringruns"} {
		s.expect(t, http.StatusNotFound, http.MethodGet, path+"?experiment_id="+own, "")
	}
	s.expect(t, http.StatusOK, http.MethodPost, "/experiments", `{"display_name":"OWN"}`)
	s.expect(t, http.StatusConflict, http.MethodDelete, "/experiments/"+
		get[listed](t, s, "/experiments", url.Values{"filter": {equals("display_name", "Default")}}).Experiments[0].ID, "")
}

func TestExperimentsAreFoundByWhatKFPLooksAt(t *testing.T) {
	s := newSubject(Options{})
	for _, name := range []string{"b", "a", "c"} {
		s.clock.advance(time.Second)
		s.expect(t, http.StatusOK, http.MethodPost, "/experiments", `{"display_name":"`+name+`","description":"`+name+`"}`)
	}
	for order, want := range map[string][]string{
		"":              {"Default", "b", "a", "c"},
		"name":          {"a", "b", "c", "Default"},
		"display_name":  {"a", "b", "c", "Default"},
		"description":   {"a", "Default", "b", "c"}, // which begins with All
		"CREATED_AT":    {"Default", "b", "a", "c"},
		"storage_state": nil, "namespace": nil, "id": nil, "experiment_id": nil, // any order
	} {
		for _, way := range []string{"", " desc"} {
			query := url.Values{"sort_by": {order + way}, "page_size": {"1"}}
			if order == "" {
				query.Del("sort_by")
			}
			var names []string
			for range 5 {
				page := get[listed](t, s, "/experiments", query)
				names = append(names, page.Experiments[0].Name)
				if page.NextPage == "" {
					break
				}
				query.Set("page_token", page.NextPage)
			}
			if order != "" && way != "" {
				slices.Reverse(names)
			}
			expected := want
			if want == nil {
				slices.Sort(names)
				expected = []string{"Default", "a", "b", "c"}
			}
			if !slices.Equal(names, expected) {
				t.Errorf("by %q: listed %q, want %q", order+way, names, expected)
			}
		}
	}
}
