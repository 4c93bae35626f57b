package sandbox

import (
	"encoding/json"
	"time"
)

// The modes of a recurring run, which a client asks for, and the status that belongs to each.
const (
	modeEnable     = "ENABLE"
	modeDisable    = "DISABLE"
	statusEnabled  = "ENABLED"
	statusDisabled = "DISABLED"
)

// recurringMessage is v2beta1.RecurringRun.
type recurringMessage struct {
	RecurringRunID  string            `json:"recurring_run_id,omitempty"`
	DisplayName     string            `json:"display_name,omitempty"`
	Description     string            `json:"description,omitempty"`
	PipelineVersion *versionReference `json:"pipeline_version_reference,omitempty"`
	PipelineSpec    json.RawMessage   `json:"pipeline_spec,omitempty"`
	RuntimeConfig   *runtimeConfig    `json:"runtime_config,omitempty"`
	ServiceAccount  string            `json:"service_account,omitempty"`
	MaxConcurrency  long              `json:"max_concurrency,omitempty"`
	Trigger         triggerMessage    `json:"trigger"`
	Mode            string            `json:"mode,omitempty"`
	CreatedAt       stamp             `json:"created_at"`
	UpdatedAt       stamp             `json:"updated_at"`
	Status          string            `json:"status,omitempty"`
	NoCatchup       bool              `json:"no_catchup,omitempty"`
	Namespace       string            `json:"namespace,omitempty"`
	ExperimentID    string            `json:"experiment_id,omitempty"`
}

type triggerMessage struct {
	Cron     *cronMessage     `json:"cron_schedule,omitempty"`
	Periodic *periodicMessage `json:"periodic_schedule,omitempty"`
}

type cronMessage struct {
	StartTime *stamp `json:"start_time,omitempty"`
	EndTime   *stamp `json:"end_time,omitempty"`
	Cron      string `json:"cron,omitempty"`
}

type periodicMessage struct {
	StartTime      *stamp `json:"start_time,omitempty"`
	EndTime        *stamp `json:"end_time,omitempty"`
	IntervalSecond long   `json:"interval_second,omitempty"`
}

// time returns the zero time when there is none. Clients of Go's generated code send the year 1 for that.
func (t *stamp) time() time.Time {
	if t == nil {
		return time.Time{}
	}
	return time.Time(*t).Truncate(time.Second)
}

// message tells of the recurring run as it stands.
func (j *recurringRun) message() recurringMessage {
	m := j.asked
	m.RecurringRunID, m.PipelineVersion, m.PipelineSpec = j.id, j.reference, j.inline
	m.Namespace, m.ExperimentID, m.ServiceAccount = j.namespace, j.experimentID, j.serviceAccount
	m.CreatedAt, m.UpdatedAt = stamp(j.created), stamp(j.updated)
	m.Mode, m.Status = modeDisable, statusDisabled
	if j.enabled {
		m.Mode, m.Status = modeEnable, statusEnabled
	}
	return m
}
