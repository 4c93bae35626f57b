package sandbox

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// withRuns returns a server with runs called 0, 1, 2 …, a few of which share a second.
func withRuns(t *testing.T, n int) subject {
	t.Helper()
	s := newSubject(Options{})
	pipeline := s.pipeline(t, waiting(`duration: "1"`))
	for i := range n {
		s.run(t, fmt.Sprint(i), pipeline)
		s.clock.advance(300 * time.Millisecond)
	}
	return s
}

func TestPagesAreOfTwentyUnlessSaidAndOfTwoHundredAtMost(t *testing.T) {
	s := withRuns(t, 205)
	for size, want := range map[string]int{"": 20, "0": 20, "1": 1, "200": 200, "201": 200, "100000": 200} {
		page := get[listed](t, s, "/runs", url.Values{"page_size": {size}})
		if len(page.Runs) != want || page.TotalSize != 205 || page.NextPage == "" {
			t.Errorf("page size %q: %d of %d runs, next page %q; want %d", size, len(page.Runs), page.TotalSize, page.NextPage, want)
		}
	}
	for _, size := range []string{"-1", "ten", "1.5", "99999999999"} {
		if status, _, answer := s.ask(http.MethodGet, "/runs?page_size="+size, nil, nil); status != http.StatusBadRequest {
			t.Errorf("page size %s: answered %d %.100s", size, status, answer)
		}
	}
}

func TestPagesHaveEverythingOnceInOrder(t *testing.T) {
	const n = 45
	s := withRuns(t, n)
	for _, order := range []string{"", "created_at", "created_at asc", "CREATED_AT  DESC", "created_at desc"} {
		for _, size := range []int{1, 7, 45, 200} {
			query := url.Values{"page_size": {fmt.Sprint(size)}, "sort_by": {order}}
			var runs []listedRun
			for pages := 0; pages < n+1; pages++ {
				page := get[listed](t, s, "/runs", query)
				if runs = append(runs, page.Runs...); page.NextPage == "" {
					break
				}
				query.Set("page_token", page.NextPage)
			}
			names := map[string]bool{}
			for _, r := range runs {
				names[r.Name] = true
			}
			byTime := func(a, b listedRun) int { return a.Created.Compare(b.Created) }
			if strings.HasSuffix(strings.ToLower(order), "desc") {
				byTime = func(a, b listedRun) int { return b.Created.Compare(a.Created) }
			}
			if len(runs) != n || len(names) != n || !slices.IsSortedFunc(runs, byTime) {
				t.Errorf("order %q, pages of %d: %d runs of %d names", order, size, len(runs), len(names))
			}
		}
	}
}

func TestPageTokenGoesWithItsListOnly(t *testing.T) {
	s := withRuns(t, 5)
	filter := `{"predicates":[{"key":"run_id","operation":"IN","string_values":{"values":["a"]}}]}`
	next := get[listed](t, s, "/runs", url.Values{"page_size": {"2"}, "sort_by": {"created_at desc"}}).NextPage
	for name, c := range map[string]struct {
		query url.Values
		want  int
	}{
		"the same order":        {url.Values{"sort_by": {"created_at desc"}, "page_token": {next}}, http.StatusOK},
		"no order":              {url.Values{"page_token": {next}}, http.StatusOK},
		"another size":          {url.Values{"page_token": {next}, "page_size": {"200"}}, http.StatusOK},
		"another order":         {url.Values{"sort_by": {"created_at asc"}, "page_token": {next}}, http.StatusBadRequest},
		"a filter":              {url.Values{"sort_by": {"created_at desc"}, "filter": {filter}, "page_token": {next}}, http.StatusBadRequest},
		"no base64":             {url.Values{"page_token": {"?"}}, http.StatusBadRequest},
		"no JSON":               {url.Values{"page_token": {base64.StdEncoding.EncodeToString([]byte("x"))}}, http.StatusBadRequest},
		"JSON of another shape": {url.Values{"page_token": {base64.StdEncoding.EncodeToString([]byte(`{"ID":1}`))}}, http.StatusBadRequest},
	} {
		status, _, answer := s.ask(http.MethodGet, "/runs?"+c.query.Encode(), nil, nil)
		if status != c.want {
			t.Errorf("%s: answered %d %.200s", name, status, answer)
		}
	}
}

func TestPageTokenSurvivesNewRuns(t *testing.T) {
	s := withRuns(t, 4)
	first := get[listed](t, s, "/runs", url.Values{"page_size": {"2"}, "sort_by": {"created_at desc"}})
	s.clock.advance(time.Hour)
	s.run(t, "late", s.pipeline(t, waiting("")))
	second := get[listed](t, s, "/runs", url.Values{"page_size": {"200"}, "page_token": {first.NextPage}})
	var names []string
	for _, r := range append(first.Runs, second.Runs...) {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"0", "1", "2", "3"}) || second.TotalSize != 5 {
		t.Errorf("both pages have %q, of %d", names, second.TotalSize)
	}
}

func TestOrderThatTheServerDoesNotKnow(t *testing.T) {
	s := withRuns(t, 1)
	for _, order := range []string{"colour", "created_at up", "created_at asc asc", "desc"} {
		status, _, answer := s.ask(http.MethodGet, "/runs?sort_by="+url.QueryEscape(order), nil, nil)
		if status != http.StatusBadRequest {
			t.Errorf("%q: answered %d %.100s", order, status, answer)
		}
	}
}
