package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

type detailed struct {
	Created time.Time `json:"created_at"`
	Details struct {
		Tasks []struct {
			ID       string    `json:"task_id"`
			RunID    string    `json:"run_id"`
			Name     string    `json:"display_name"`
			State    string    `json:"state"`
			Start    time.Time `json:"start_time"`
			End      time.Time `json:"end_time"`
			Made     time.Time `json:"create_time"`
			Children []struct {
				Pod string `json:"pod_name"`
			} `json:"child_tasks"`
			History []struct {
				State string `json:"state"`
			} `json:"state_history"`
		} `json:"task_details"`
	} `json:"run_details"`
}

// tasks returns the tasks of a run but for its workflow, with their times since its creation.
func (s subject) tasks(t *testing.T, id string) []string {
	t.Helper()
	run := get[detailed](t, s, "/runs/"+id, nil)
	var all []string
	for i, task := range run.Details.Tasks {
		if task.RunID != id || task.ID == "" || len(task.History) == 0 || task.History[len(task.History)-1].State != task.State {
			t.Errorf("the run %s has a task %+v", id, task)
		}
		if !task.Made.Equal(run.Created) { // whenever it began
			t.Errorf("the task %s was created at %s", task.Name, task.Made)
		}
		name := task.Name
		if i == 0 && name[:4] == "add-" {
			name = "whole"
		}
		end := "…"
		if !task.End.IsZero() {
			end = task.End.Sub(run.Created).String()
		}
		all = append(all, fmt.Sprintf("%s %s %s-%s", name, task.State, task.Start.Sub(run.Created), end))
	}
	return all
}

const twoTasks = representationHead + `root: {dag: {tasks: {a: {componentRef: {name: x}}, b: {componentRef: {name: x}, dependentTasks: [a]}}}}
components: {x: {executorLabel: x}}
deploymentSpec: {executors: {x: {container: {command: [sh, -c, "sleep 10"]}}}}
`

func TestTasksOfARunFollowItsPipeline(t *testing.T) {
	s := newSubject(Options{})
	id := s.run(t, "one", s.pipeline(t, twoTasks)).ID
	if got := s.tasks(t, id); got != nil {
		t.Errorf("pending, it has %q", got)
	}
	s.clock.advance(11900 * time.Millisecond)
	want := []string{
		"whole RUNNING 1s-…", "root-driver SUCCEEDED 1s-1s", "root RUNNING 1s-…",
		"a-driver SUCCEEDED 1s-2s", "a SUCCEEDED 2s-12s", "executor SUCCEEDED 2s-12s", "b-driver RUNNING 12s-…",
	}
	if got := s.tasks(t, id); !slices.Equal(got, want) {
		t.Errorf("in the middle it has %q, want %q", got, want)
	}
	s.clock.advance(time.Minute)
	want = []string{
		"whole SUCCEEDED 1s-22s", "root-driver SUCCEEDED 1s-1s", "root SUCCEEDED 1s-22s",
		"a-driver SUCCEEDED 1s-2s", "a SUCCEEDED 2s-12s", "executor SUCCEEDED 2s-12s",
		"b-driver SUCCEEDED 12s-12s", "b SUCCEEDED 12s-22s", "executor SUCCEEDED 12s-22s",
	}
	if got := s.tasks(t, id); !slices.Equal(got, want) {
		t.Errorf("in the end it has %q, want %q", got, want)
	}
	first, again := get[detailed](t, s, "/runs/"+id, nil), get[detailed](t, s, "/runs/"+id, nil)
	ids := map[string]bool{}
	for i, task := range first.Details.Tasks {
		ids[task.ID] = true
		if again.Details.Tasks[i].ID != task.ID {
			t.Errorf("%s has two ids", task.Name)
		}
	}
	if len(ids) != len(want) {
		t.Errorf("%d tasks have %d ids", len(want), len(ids))
	}
}

func TestTasksHaveThoseThatFollowAsChildren(t *testing.T) {
	const nested = representationHead + `root: {dag: {tasks: {a: {}, b: {componentRef: {name: in}, dependentTasks: [a]}, c: {dependentTasks: [b]}, d: {}}}}
components: {in: {dag: {tasks: {x: {}, y: {}}}}}
`
	s := newSubject(Options{})
	id := s.run(t, "one", s.pipeline(t, nested)).ID
	children := func() (told []string) {
		for _, task := range get[detailed](t, s, "/runs/"+id, nil).Details.Tasks[1:] {
			told = append(told, fmt.Sprintf("%s %d", task.Name, len(task.Children)))
		}
		return told
	}
	s.clock.advance(1200 * time.Millisecond) // the drivers of a and d are at work
	if got, want := children(), []string{"root-driver 1", "root 2", "a-driver 0", "d-driver 0"}; !slices.Equal(got, want) {
		t.Errorf("at first %q, want %q", got, want)
	}
	s.clock.advance(time.Minute)
	want := []string{
		"root-driver 1", "root 2", "a-driver 1", "a 1", "executor 1", "b-driver 1", "b 2",
		"x-driver 1", "x 1", "executor 1", "y-driver 1", "y 1", "executor 1", // both are followed by c
		"c-driver 1", "c 1", "executor 0", "d-driver 1", "d 1", "executor 0",
	}
	if got := children(); !slices.Equal(got, want) {
		t.Errorf("in the end %q, want %q", got, want)
	}
	if whole := get[detailed](t, s, "/runs/"+id, nil).Details.Tasks[0]; len(whole.Children) != 1 || whole.Children[0].Pod == "" {
		t.Errorf("the workflow has %+v", whole.Children)
	}
}

func TestTasksOfARunThatIsTerminatedFailWhereItWas(t *testing.T) {
	s := newSubject(Options{})
	id := s.run(t, "one", s.pipeline(t, twoTasks)).ID
	s.clock.advance(5 * time.Second)
	s.expect(t, http.StatusOK, http.MethodPost, "/runs/"+id+":terminate", "")
	s.clock.advance(stopTime)
	want := []string{
		"whole FAILED 1s-15s", "root-driver SUCCEEDED 1s-1s", "root FAILED 1s-15s",
		"a-driver SUCCEEDED 1s-2s", "a SUCCEEDED 2s-12s", "executor SUCCEEDED 2s-12s",
		"b-driver SUCCEEDED 12s-12s", "b FAILED 12s-15s", "executor FAILED 12s-15s",
	}
	if got := s.tasks(t, id); !slices.Equal(got, want) {
		t.Errorf("it has %q, want %q", got, want)
	}
}
