package sandbox

import (
	"math"
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
	ChildTasks   []childMessage `json:"child_tasks,omitempty"`
}

type childMessage struct {
	PodName string `json:"pod_name"`
}

// step is a node of a run's workflow, with its time since the run's start.
type step struct {
	name       string
	begin, end time.Duration
	// children are the places of the steps that follow from it.
	children []int
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
	// The workflow ends when the run does, and its first child is the first step.
	whole := step{name: r.workflow, end: math.MaxInt64}
	if len(r.spec.steps) > 0 {
		whole.children = []int{0}
	}
	tasks := append(make([]taskMessage, 0, 1+len(r.spec.steps)), r.task(0, whole, stands, seen))
	for i, one := range r.spec.steps {
		if !r.started().Add(one.begin).After(seen) {
			tasks = append(tasks, r.task(i+1, one, stands, seen))
		}
	}
	return tasks
}

// task tells of a node that has begun.
func (r *run) task(number int, s step, stands standing, seen time.Time) taskMessage {
	begin, end := r.started().Add(s.begin), r.started().Add(s.end)
	t := taskMessage{
		RunID: r.id, TaskID: r.taskID(number), DisplayName: s.name, CreateTime: stamp(r.entry.created), StartTime: stamp(begin),
		EndTime: neverEnded(), State: running, StateHistory: []stateMessage{{stamp(begin.Add(r.lag)), running}},
	}
	if end.After(seen) {
		t.ends(stands.finished, stands.state, r.lag)
	} else {
		t.ends(end, succeeded, r.lag)
	}
	for _, child := range s.children {
		if !r.started().Add(r.spec.steps[child].begin).After(seen) {
			t.ChildTasks = append(t.ChildTasks, childMessage{r.workflow + "-" + strconv.Itoa(child)})
		}
	}
	return t
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
