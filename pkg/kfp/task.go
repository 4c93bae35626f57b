package kfp

import (
	"time"

	"github.com/kubeflow/pipelines/backend/api/v2beta1/go_http_client/run_model"
)

// Task is a node of a run's workflow: a pod, or what groups others.
type Task struct {
	// Name is the node's, such as "add-driver", "add" or "executor"; node 2 of a step that is tried again ends
	// in "(2)".
	Name string
	// Node is the workflow's id of the node, Children those of the nodes that come after or lie within it.
	Node     string
	Children []string
	// State is one of KFP's, such as SUCCEEDED; SKIPPED for what was not needed.
	State string
	// Start and End are the server's, in whole seconds; zero while unset.
	Start, End time.Time
}

func tasksOf(all []*run_model.V2beta1PipelineTaskDetail) []Task {
	var tasks []Task
	for _, d := range all {
		if d == nil {
			continue
		}
		t := Task{
			Name: printable(d.DisplayName), Node: d.PodName, State: string(d.State),
			Start: moment(d.StartTime), End: moment(d.EndTime),
		}
		for _, child := range d.ChildTasks {
			if child != nil {
				t.Children = append(t.Children, child.PodName)
			}
		}
		tasks = append(tasks, t)
	}
	return tasks
}
