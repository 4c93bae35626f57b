package sandbox

import (
	"encoding/json"
	"time"
)

// runMessage is v2beta1.Run. Fields that only clients of the real server need are known, so that they are
// not refused.
type runMessage struct {
	ExperimentID    string            `json:"experiment_id,omitempty"`
	RunID           string            `json:"run_id,omitempty"`
	DisplayName     string            `json:"display_name,omitempty"`
	StorageState    string            `json:"storage_state,omitempty"`
	Description     string            `json:"description,omitempty"`
	PipelineVersion *versionReference `json:"pipeline_version_reference,omitempty"`
	PipelineSpec    json.RawMessage   `json:"pipeline_spec,omitempty"`
	RuntimeConfig   *runtimeConfig    `json:"runtime_config,omitempty"`
	ServiceAccount  string            `json:"service_account,omitempty"`
	CreatedAt       stamp             `json:"created_at"`
	ScheduledAt     stamp             `json:"scheduled_at"`
	FinishedAt      stamp             `json:"finished_at"`
	State           string            `json:"state,omitempty"`
	RunDetails      *runDetails       `json:"run_details,omitempty"`
	RecurringRunID  string            `json:"recurring_run_id,omitempty"`
	StateHistory    []stateMessage    `json:"state_history,omitempty"`
}

type versionReference struct {
	PipelineID        string `json:"pipeline_id,omitempty"`
	PipelineVersionID string `json:"pipeline_version_id,omitempty"`
}

type runtimeConfig struct {
	Parameters   map[string]any `json:"parameters,omitempty"`
	PipelineRoot string         `json:"pipeline_root,omitempty"`
}

type stateMessage struct {
	UpdateTime stamp  `json:"update_time"`
	State      string `json:"state"`
}

// message tells of the run as it stands at a moment.
func (r *run) message(now time.Time) runMessage {
	stands := r.standing(now)
	m := runMessage{
		ExperimentID: r.experimentID, RunID: r.id, DisplayName: r.name, StorageState: available,
		Description: r.description, PipelineVersion: r.reference, PipelineSpec: r.inline,
		RuntimeConfig: r.config, ServiceAccount: r.serviceAccount, RecurringRunID: r.recurringID,
		CreatedAt: stamp(r.entry.created), ScheduledAt: stamp(r.dueAt(stands)), FinishedAt: unset(),
		State: stands.state, StateHistory: make([]stateMessage, 0, len(stands.history)),
	}
	for _, c := range stands.history {
		m.StateHistory = append(m.StateHistory, stateMessage{stamp(c.known), c.state})
	}
	if !stands.finished.IsZero() {
		m.FinishedAt = stamp(stands.finished)
	}
	if tasks := r.tasks(stands, now); len(tasks) > 0 {
		m.RunDetails = &runDetails{TaskDetails: tasks}
	}
	return m
}
