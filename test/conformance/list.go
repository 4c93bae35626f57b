package conformance

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
)

func (c *suite) lists(t *testing.T) {
	pipeline := c.upload(t, unique("pipeline"), "wait.yaml")
	experiment := c.experiment(t, unique("experiment"))
	made := make([]kfp.Run, 5)
	for i := range made {
		made[i] = c.run(t, kfp.NewRun{
			Name: unique(fmt.Sprintf("%d %% + \"é\"", i)), ExperimentID: experiment,
			PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
		})
	}
	t.Run("ExactlyTheRunsThatAreAskedForByID", func(t *testing.T) {
		for _, ids := range [][]string{
			{made[0].ID}, {made[3].ID, made[1].ID}, {made[4].ID, nobody, made[0].ID}, {made[2].ID, made[2].ID}, {nobody},
		} {
			known := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == nobody })
			listed, err := c.client.ListRunsByID(t.Context(), "", ids)
			if err != nil || !slices.Equal(idsOf(listed), sorted(known)) {
				t.Errorf("asked for %q, got %q, %v", ids, idsOf(listed), err)
			}
		}
	})
	t.Run("AFullBatchOfIDs", func(t *testing.T) {
		ids := []string{made[0].ID, made[1].ID, made[2].ID, made[3].ID, made[4].ID}
		for i := len(ids); i < kfp.MaxBatch; i++ {
			ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
		}
		listed, err := c.client.ListRunsByID(t.Context(), "", ids)
		if err != nil || !slices.Equal(idsOf(listed), idsOf(made)) {
			t.Errorf("got %q, %v; want %q", idsOf(listed), err, idsOf(made))
		}
	})
	t.Run("ARunIsFoundByExactlyItsName", func(t *testing.T) {
		for _, run := range made {
			found, ok, err := c.client.FindRunByName(t.Context(), "", run.Name)
			if err != nil || !ok || found.ID != run.ID || found.Name != run.Name || found.ExperimentID != experiment {
				t.Errorf("looked for %+v, found %+v, %t, %v", run, found, ok, err)
			}
			for _, other := range []string{strings.ToUpper(run.Name), run.Name + " ", run.Name[:len(run.Name)-1], unique("absent")} {
				if found, ok, err := c.client.FindRunByName(t.Context(), "", other); ok || err != nil {
					t.Errorf("looked for %q, found %+v, %v", other, found, err)
				}
			}
		}
	})
	t.Run("TwoRunsMayHaveOneName", func(t *testing.T) {
		asked := kfp.NewRun{
			Name: unique("twins"), ExperimentID: experiment, PipelineID: pipeline.ID, VersionID: pipeline.VersionID,
		}
		first, second := c.run(t, asked), c.run(t, asked)
		found, ok, err := c.client.FindRunByName(t.Context(), "", asked.Name)
		if err != nil || !ok || found.ID != first.ID && found.ID != second.ID || first.ID == second.ID {
			t.Errorf("made %s and %s, found %+v, %v", first.ID, second.ID, found, err)
		}
		made = append(made, first, second)
	})
	t.Run("PagesHaveEveryRunOfAnExperimentOnce", func(t *testing.T) {
		for _, order := range []string{"", "created_at desc"} {
			query := url.Values{"experiment_id": {experiment}, "page_size": {"3"}, "sort_by": {order}}
			if listed := c.drain(t, query, len(made)); !slices.Equal(listed, idsOf(made)) {
				t.Errorf("in order %q: listed %q, made %q", order, listed, idsOf(made))
			}
		}
	})
	t.Run("WhatTheServerDoesNotKnowIsRefused", func(t *testing.T) {
		for name, query := range map[string]url.Values{
			"key":       {"filter": {`{"predicates":[{"key":"colour","operation":"EQUALS","string_value":"red"}]}`}},
			"operation": {"filter": {`{"predicates":[{"key":"run_id","operation":"ALMOST","string_value":"a"}]}`}},
			"values":    {"filter": {`{"predicates":[{"key":"run_id","operation":"IN","string_value":"a"}]}`}},
			"filter":    {"filter": {`run_id = a`}},
			"order":     {"sort_by": {"colour"}},
			"token":     {"page_token": {"?"}},
			"page size": {"page_size": {"-1"}},
		} {
			if status, body := c.wire(t, "/runs", query); status != http.StatusBadRequest {
				t.Errorf("unknown %s: answered %d: %.200s", name, status, body)
			}
		}
	})
}

// drain follows a list from page to page and returns the ids, sorted.
func (c *suite) drain(t *testing.T, query url.Values, total int) []string {
	t.Helper()
	var ids []string
	for {
		page := get[runList](t, c, "/runs", query)
		if page.TotalSize != total || len(page.Runs) > 3 || len(page.Runs) == 0 {
			t.Fatalf("a page of %d of %d runs, want at most 3 of %d", len(page.Runs), page.TotalSize, total)
		}
		for _, run := range page.Runs {
			ids = append(ids, run.RunID)
		}
		if page.NextPage == "" || len(ids) > total {
			return sorted(ids)
		}
		query.Set("page_token", page.NextPage)
	}
}

// idsOf returns the ids of runs, sorted.
func idsOf(runs []kfp.Run) []string {
	var ids []string
	for _, run := range runs {
		ids = append(ids, run.ID)
	}
	return sorted(ids)
}

// sorted returns the strings in order, each once.
func sorted(all []string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}
