package conformance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
)

// versionList is what the product reads of v2beta1.ListPipelineVersionsResponse.
type versionList struct {
	Versions  []versionMessage `json:"pipeline_versions"`
	TotalSize int              `json:"total_size"`
}

type versionMessage struct {
	PipelineID  string `json:"pipeline_id"`
	VersionID   string `json:"pipeline_version_id"`
	DisplayName string `json:"display_name"`
	CreatedAt   string `json:"created_at"`
}

// recurringMessage is what the product reads and sends of v2beta1.RecurringRun.
type recurringMessage struct {
	RecurringRunID string `json:"recurring_run_id"`
	DisplayName    string `json:"display_name"`
	ExperimentID   string `json:"experiment_id"`
	Status         string `json:"status"`
	Mode           string `json:"mode"`
	MaxConcurrency string `json:"max_concurrency"`
	NoCatchup      bool   `json:"no_catchup"`
	CreatedAt      string `json:"created_at"`
	UpdatedAt      string `json:"updated_at"`
	Trigger        struct {
		CronSchedule struct {
			Cron string `json:"cron"`
		} `json:"cron_schedule"`
	} `json:"trigger"`
	PipelineVersion versionReference `json:"pipeline_version_reference"`
	RuntimeConfig   struct {
		Parameters map[string]any `json:"parameters"`
	} `json:"runtime_config"`
}

// runList is what the product reads of v2beta1.ListRunsResponse. Times are kept as they are written.
type runList struct {
	Runs      []runMessage `json:"runs"`
	TotalSize int          `json:"total_size"`
	NextPage  string       `json:"next_page_token"`
}

type runMessage struct {
	RunID           string           `json:"run_id"`
	DisplayName     string           `json:"display_name"`
	ExperimentID    string           `json:"experiment_id"`
	State           string           `json:"state"`
	ServiceAccount  string           `json:"service_account"`
	CreatedAt       string           `json:"created_at"`
	ScheduledAt     string           `json:"scheduled_at"`
	FinishedAt      string           `json:"finished_at"`
	PipelineVersion versionReference `json:"pipeline_version_reference"`
	RuntimeConfig   struct {
		Parameters map[string]any `json:"parameters"`
	} `json:"runtime_config"`
	StateHistory []struct {
		UpdateTime string `json:"update_time"`
		State      string `json:"state"`
	} `json:"state_history"`
	RunDetails struct {
		Tasks []taskMessage `json:"task_details"`
	} `json:"run_details"`
}

// taskMessage is a node of a run's workflow.
type taskMessage struct {
	DisplayName string `json:"display_name"`
	State       string `json:"state"`
	StartTime   string `json:"start_time"`
	EndTime     string `json:"end_time"`
}

type versionReference struct {
	PipelineID string `json:"pipeline_id"`
	VersionID  string `json:"pipeline_version_id"`
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
