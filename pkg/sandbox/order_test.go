package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"
)

// TestPagesOfAnyOrderHaveEverythingOnce has columns of which many rows have the same value, and of which each
// has another.
func TestPagesOfAnyOrderHaveEverythingOnce(t *testing.T) {
	const n = 30
	s := newSubject(Options{})
	short, long := s.pipeline(t, waiting(`duration: "1"`)), s.pipeline(t, waiting(""))
	for i := range n {
		pipeline := short
		if i%3 == 0 {
			pipeline = long
		}
		s.run(t, fmt.Sprintf("%02d", (i*7)%n), pipeline)
		s.clock.advance(300 * time.Millisecond)
	}
	last := get[listed](t, s, "/runs", url.Values{"sort_by": {"created_at desc"}}).Runs[0].ID
	s.expect(t, http.StatusOK, http.MethodPost, "/runs/"+last+":terminate", "")
	for _, column := range []string{
		"name", "display_name", "id", "run_id", "state", "status", "created_at", "finished_at", "scheduled_at",
		"description", "namespace", "state_history", "storage_state", "runtime_details",
	} {
		for _, way := range []string{"asc", "desc"} {
			for _, filter := range []string{"", predicateOf("display_name", "NOT_EQUALS", `"string_value":"05"`)} {
				query := url.Values{"sort_by": {column + " " + way}, "page_size": {"4"}, "filter": {filter}}
				whole := query
				whole.Set("page_size", "200")
				want := namesOf(get[listed](t, s, "/runs", whole))
				query.Set("page_size", "4")
				var names []string
				for range n {
					page := get[listed](t, s, "/runs", query)
					names = append(names, namesOf(page)...)
					if page.NextPage == "" {
						break
					}
					query.Set("page_token", page.NextPage)
				}
				if !slices.Equal(names, want) || len(want) < n-1 {
					t.Errorf("by %s %s, filter %q: pages have %q, the whole %q", column, way, filter, names, want)
				}
			}
		}
	}
	for order, want := range map[string]string{"name": "00", "name desc": "29"} {
		if got := namesOf(get[listed](t, s, "/runs", url.Values{"sort_by": {order}}))[0]; got != want {
			t.Errorf("the first by %s is %s, want %s", order, got, want)
		}
	}
}

func namesOf(page listed) []string {
	var names []string
	for _, r := range page.Runs {
		names = append(names, r.Name)
	}
	return names
}
