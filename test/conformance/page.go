package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

// rows is how many of each kind are listed here, and perPage how many on a page.
const (
	rows    = 5
	perPage = 2
)

func (c *suite) pages(t *testing.T) {
	pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
	experiment := c.experiment(t, unique("experiment"))
	for kind, of := range map[kfp.Kind]struct {
		// within is where the rows are, make makes one and returns its id.
		within kfp.Query
		make   func(t *testing.T, name string) string
	}{
		kfp.Pipelines: {kfp.Query{}, func(t *testing.T, name string) string { return c.upload(t, name, "wait.yaml").ID }},
		kfp.PipelineVersions: {kfp.Query{PipelineID: pipeline.ID}, func(t *testing.T, name string) string {
			return c.version(t, pipeline, name, "wait.yaml")
		}},
		kfp.Experiments: {kfp.Query{}, func(t *testing.T, name string) string { return c.experiment(t, name) }},
		kfp.Runs: {kfp.Query{ExperimentID: experiment}, func(t *testing.T, name string) string {
			return c.run(t, kfp.NewRun{
				Name: name, ExperimentID: experiment, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
			}).ID
		}},
		kfp.RecurringRuns: {kfp.Query{ExperimentID: experiment}, func(t *testing.T, name string) string {
			return c.recurringRun(t, kfp.NewRecurringRun{
				Name: name, ExperimentID: experiment, Cron: onNewYearsDay, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
			}).ID
		}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			part := unique("page")
			made := make([]string, rows)
			for i := range made {
				made[i] = of.make(t, fmt.Sprintf("%s-%d", part, i))
			}
			query := of.within
			query.PageSize, query.Filter = perPage, filtered("IS_SUBSTRING", part)
			for _, order := range []string{"", "created_at", "created_at desc", "display_name asc", "display_name desc"} {
				query.SortBy = order
				c.wholeList(t, kind, query, made)
			}
			c.tokenOf(t, kind, query)
		})
	}
	t.Run("TwentyUnlessSaidAndTwoHundredAtMost", c.pageSizes)
}

// wholeList reads a list to its end.
func (c *suite) wholeList(t *testing.T, kind kfp.Kind, query kfp.Query, made []string) {
	t.Helper()
	var listed []string
	for range rows {
		page, err := c.client.List(t.Context(), kind, query)
		if err != nil || page.Total != rows || len(page.IDs()) == 0 || len(page.IDs()) > perPage {
			t.Fatalf("order %q: %+v, %v", query.SortBy, page, err)
		}
		listed = append(listed, page.IDs()...)
		if query.PageToken = page.Next; page.Next == "" {
			break
		}
	}
	want := made
	switch query.SortBy {
	case "display_name desc":
		want = slices.Clone(made)
		slices.Reverse(want)
	case "display_name asc":
	default: // what is made within a second is in any order
		listed, want = sorted(listed), sorted(made)
	}
	if !slices.Equal(listed, want) {
		t.Errorf("order %q: listed %q, want %q", query.SortBy, listed, want)
	}
}

// tokenOf asks for a list's second page with what does not belong to it.
func (c *suite) tokenOf(t *testing.T, kind kfp.Kind, query kfp.Query) {
	t.Helper()
	first, err := c.client.List(t.Context(), kind, query)
	if err != nil || first.Next == "" {
		t.Fatalf("%+v, %v", first, err)
	}
	query.PageToken = first.Next
	for name, change := range map[string]func(*kfp.Query){
		"another filter":    func(q *kfp.Query) { q.Filter = filtered("EQUALS", "another") },
		"no filter":         func(q *kfp.Query) { q.Filter = "" },
		"another order":     func(q *kfp.Query) { q.SortBy = "created_at asc" },
		"the other way":     func(q *kfp.Query) { q.SortBy = "display_name asc" },
		"half of the token": func(q *kfp.Query) { q.PageToken = q.PageToken[:len(q.PageToken)/2] },
	} {
		other := query
		change(&other)
		_, err := c.client.List(t.Context(), kind, other)
		if err == nil {
			t.Errorf("a page token is taken with %s", name)
			continue
		}
		refusedByGateway(t, err, http.StatusBadRequest)
	}
	query.Filter, query.SortBy, query.PageSize = "", "", 200
	second, err := c.client.List(t.Context(), kind, query)
	if err != nil || len(second.IDs()) != rows-perPage || slices.ContainsFunc(first.IDs(), func(id string) bool { return slices.Contains(second.IDs(), id) }) {
		t.Errorf("a token by itself, after %+v: %+v, %v", first, second, err)
	}
}

// pageSizes makes more than fit on any page, of what costs the server least, and leaves none of it.
func (c *suite) pageSizes(t *testing.T) {
	part := unique("size")
	const most = 200
	for i := range most + 1 {
		id := c.experiment(t, fmt.Sprintf("%s-%d", part, i))
		t.Cleanup(func() { c.send(t, http.MethodDelete, "/experiments/"+id) })
	}
	for size, want := range map[int]int{0: 20, 1: 1, most: most, most + 1: most, 100_000: most} {
		page, err := c.client.List(t.Context(), kfp.Experiments, kfp.Query{PageSize: size, Filter: filtered("IS_SUBSTRING", part)})
		if err != nil || len(page.IDs()) != want || page.Total != most+1 || page.Next == "" {
			t.Errorf("page size %d: %d of %d, %v; want %d", size, len(page.IDs()), page.Total, err, want)
		}
	}
}

// filtered is a filter by name.
func filtered(operation, name string) string {
	return fmt.Sprintf(`{"predicates":[{"key":"display_name","operation":%q,"string_value":%q}]}`, operation, name)
}
