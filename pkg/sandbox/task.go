package sandbox

import (
	"strconv"
	"time"
)

// runDetails is v2beta1.RunDetails.
type runDetails struct {
	TaskDetails []taskMessage `json:"task_details,omitempty"`
}

// taskMessage is v2beta1.PipelineTaskDetail.
type taskMessage struct {
	RunID        string         `json:"run_id"`
	TaskID       string         `json:"task_id"`
	DisplayName  string         `json:"display_name"`
	CreateTime   stamp          `json:"create_time"`
	StartTime    stamp          `json:"start_time"`
	EndTime      stamp          `json:"end_time"`
	State        string         `json:"state"`
	StateHistory []stateMessage `json:"state_history,omitempty"`
}

// step is a node of a run's workflow, with its time since the run's start.
type step struct {
	name       string
	begin, end time.Duration
}

// neverEnded is what KFP says of the end of a task that has none.
func neverEnded() stamp { return stamp(time.Time{}) }

// tasks tells of the nodes of the run's workflow that KFP knows of: first the workflow itself, then its
// steps. A run that failed or was stopped did so in the steps that had not ended.
func (r *run) tasks(stands standing, now time.Time) []taskMessage {
	if stands.state == pending || len(stands.history) == 0 {
		return nil
	}
	seen := now.Add(-r.lag)
	if !stands.finished.IsZero() {
		seen = stands.finished
	}
	tasks := make([]taskMessage, 0, 1+len(r.spec.steps))
	whole := taskMessage{
		RunID: r.id, TaskID: r.taskID(0), DisplayName: r.workflow, CreateTime: stamp(r.started()), StartTime: stamp(r.started()),
		EndTime: neverEnded(), State: running,
		StateHistory: []stateMessage{{stamp(r.started().Add(r.lag)), running}},
	}
	whole.ends(stands.finished, stands.state, r.lag)
	tasks = append(tasks, whole)
	for i, one := range r.spec.steps {
		begin, end := r.started().Add(one.begin), r.started().Add(one.end)
		if begin.After(seen) {
			continue
		}
		t := taskMessage{
			RunID: r.id, TaskID: r.taskID(i + 1), DisplayName: one.name, CreateTime: stamp(begin), StartTime: stamp(begin),
			EndTime: neverEnded(), State: running, StateHistory: []stateMessage{{stamp(begin.Add(r.lag)), running}},
		}
		if !end.After(seen) {
			t.ends(end, succeeded, r.lag)
		} else {
			t.ends(stands.finished, stands.state, r.lag)
		}
		tasks = append(tasks, t)
	}
	return tasks
}

// ends notes the end of a task, unless there is none.
func (t *taskMessage) ends(at time.Time, state string, lag time.Duration) {
	if at.IsZero() {
		return
	}
	t.EndTime, t.State = stamp(at), state
	t.StateHistory = append(t.StateHistory, stateMessage{stamp(at.Add(lag)), state})
}

// taskID returns the id of a task, which stays the same while the run lives.
func (r *run) taskID(number int) string {
	c := newChance(0, r.id+"/"+strconv.Itoa(number))
	return c.id()
}
