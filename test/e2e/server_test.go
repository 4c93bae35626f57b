//go:build e2e

package e2e

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"
)

// runsOfExperiment asks the server for the ids of an experiment's runs, in order of the ids.
func runsOfExperiment(t *testing.T, experiment string) []string {
	t.Helper()
	var ids []string
	for token := ""; ; {
		var page struct {
			Runs []struct {
				ID string `json:"run_id"`
			} `json:"runs"`
			Next string `json:"next_page_token"`
		}
		served := kfpGet(t, "/apis/v2beta1/runs?page_size=200&experiment_id="+experiment+"&page_token="+token)
		if err := json.Unmarshal([]byte(served), &page); err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Runs {
			ids = append(ids, r.ID)
		}
		if token = page.Next; token == "" {
			slices.Sort(ids)
			return ids
		}
	}
}

// listed counts, by the server, what has a part of a name.
func listed(t *testing.T, path, part string) int {
	t.Helper()
	var page struct {
		Total int `json:"total_size"`
	}
	if err := json.Unmarshal([]byte(listing(t, path, "IS_SUBSTRING", part)), &page); err != nil {
		t.Fatal(err)
	}
	return page.Total
}

// listing is what the server lists by name.
func listing(t *testing.T, path, operation, name string) string {
	t.Helper()
	filter, err := json.Marshal(map[string]any{"predicates": []any{
		map[string]any{"key": "display_name", "operation": operation, "string_value": name},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return kfpGet(t, "/apis/v2beta1"+path+"?filter="+url.QueryEscape(string(filter)))
}
