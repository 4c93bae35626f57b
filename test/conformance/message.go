package conformance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
)

// versionList is what the product reads of v2beta1.ListPipelineVersionsResponse.
type versionList struct {
	Versions []struct {
		PipelineID  string `json:"pipeline_id"`
		VersionID   string `json:"pipeline_version_id"`
		DisplayName string `json:"display_name"`
		CreatedAt   string `json:"created_at"`
	} `json:"pipeline_versions"`
	TotalSize int `json:"total_size"`
}

// runList is what the product reads of v2beta1.ListRunsResponse. Times are kept as they are written.
type runList struct {
	Runs      []runMessage `json:"runs"`
	TotalSize int          `json:"total_size"`
	NextPage  string       `json:"next_page_token"`
}

type runMessage struct {
	RunID           string `json:"run_id"`
	DisplayName     string `json:"display_name"`
	ExperimentID    string `json:"experiment_id"`
	State           string `json:"state"`
	ServiceAccount  string `json:"service_account"`
	CreatedAt       string `json:"created_at"`
	ScheduledAt     string `json:"scheduled_at"`
	FinishedAt      string `json:"finished_at"`
	PipelineVersion struct {
		PipelineID string `json:"pipeline_id"`
		VersionID  string `json:"pipeline_version_id"`
	} `json:"pipeline_version_reference"`
	RuntimeConfig struct {
		Parameters map[string]any `json:"parameters"`
	} `json:"runtime_config"`
}

// get reads a message without the product's client.
func get[T any](t *testing.T, c *suite, path string, query url.Values) T {
	t.Helper()
	status, body := c.wire(t, path, query)
	var message T
	if err := json.Unmarshal(body, &message); err != nil || status != http.StatusOK {
		t.Fatalf("%s %v answers %d: %s", path, query, status, body)
	}
	return message
}

// named returns the filter of a list for the things of a name, as curl would send it.
func named(t *testing.T, name string) url.Values {
	t.Helper()
	filter, err := json.Marshal(map[string]any{"predicates": []any{
		map[string]any{"key": "display_name", "operation": "EQUALS", "string_value": name},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{"filter": {string(filter)}}
}
