//go:build e2e && !multiuser

package e2e

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestStagesAgreeWithTheCluster holds what the result says of each run against its Workflow and its pods.
func TestStagesAgreeWithTheCluster(t *testing.T) {
	file := drive.ScenarioFile(t, "stages.json", `[{"mode": "PIPELINE_RUN", "runTime": "4m", "numTimes": 5, "load": {"inFlight": 2},
		"pipelineFileName": "add_numbers.yaml", "caching": false}]`)
	done := drive.Run(t, drive.UserNamespace, file, "--keep", "all")
	done.Expect(t, drive.ExitDone, "time of a run", "executors", "unattributed")
	entry := done.Result(t).Entries[0]
	if entry.Counts != (result.Counts{Planned: 5, Succeeded: 5}) {
		t.Fatalf("counts %+v", entry.Counts)
	}
	for _, r := range entry.Runs {
		if r.Stages == nil || r.DetectionSeconds == nil || r.Persisted.IsZero() || *r.Tasks != 1 || *r.CachedTasks != 0 || *r.RetriedTasks != 0 || r.Impossible != 0 {
			t.Fatalf("run %+v", r)
		}
		s, w := *r.Stages, workflowOf(t, r.ID)
		t.Logf("run %s: %+v, its Workflow %s … %s", r.ID, s, w.Status.Started, w.Status.Finished)
		if whole := int64(r.ServerFinished.Sub(r.ServerCreated).Seconds()); s.Queue+s.Drivers+s.Executors+s.Scheduling+s.Unattributed != whole {
			t.Errorf("the stages %+v are not the %d s of the run", s, whole)
		}
		if s.Unattributed > 2 {
			t.Errorf("%d s are not attributed", s.Unattributed)
		}
		w.agrees(t, r, s)
		podsAgree(t, r, s)
	}
}

// workflow is what Argo says of a run.
type workflow struct {
	Status struct {
		Started  time.Time `json:"startedAt"`
		Finished time.Time `json:"finishedAt"`
		Nodes    map[string]struct {
			Name     string    `json:"displayName"`
			Type     string    `json:"type"`
			Started  time.Time `json:"startedAt"`
			Finished time.Time `json:"finishedAt"`
		} `json:"nodes"`
	} `json:"status"`
}

func workflowOf(t *testing.T, id string) workflow {
	t.Helper()
	var list struct {
		Items []workflow `json:"items"`
	}
	told := drive.Kubectl(t, "get", "workflows", "-n", drive.KFPNamespace, "-l", "pipeline/runid="+id, "-o", "json")
	if err := json.Unmarshal([]byte(told), &list); err != nil || len(list.Items) != 1 {
		t.Fatalf("%d Workflows of run %s: %v", len(list.Items), id, err)
	}
	return list.Items[0]
}

// agrees adds up the Workflow's pods. The pipeline has one step, so that all of them are on the critical path.
func (w workflow) agrees(t *testing.T, r result.Run, s result.Stages) {
	t.Helper()
	var first time.Time
	spent := map[bool]time.Duration{}
	for _, n := range w.Status.Nodes {
		if n.Type != "Pod" {
			continue
		}
		if first.IsZero() || n.Started.Before(first) {
			first = n.Started
		}
		spent[n.Name == "executor"] += n.Finished.Sub(n.Started)
	}
	for what, pair := range map[string][2]int64{
		"queue":     {s.Queue, int64(first.Sub(r.ServerCreated).Seconds())},
		"drivers":   {s.Drivers, int64(spent[false].Seconds())},
		"executors": {s.Executors, int64(spent[true].Seconds())},
		"finished":  {r.ServerFinished.Unix(), w.Status.Finished.Unix()},
	} {
		if pair[0] != pair[1] {
			t.Errorf("run %s: %s is %d in the result and %d in its Workflow", r.ID, what, pair[0], pair[1])
		}
	}
}

// podsAgree adds up how long the containers of the run's pods ran, which Argo sees a moment later.
func podsAgree(t *testing.T, r result.Run, s result.Stages) {
	t.Helper()
	var pods struct {
		Items []struct {
			Metadata struct {
				Name string `json:"name"`
			} `json:"metadata"`
			Status struct {
				Containers []struct {
					Name  string `json:"name"`
					State struct {
						Terminated struct {
							Started  time.Time `json:"startedAt"`
							Finished time.Time `json:"finishedAt"`
						} `json:"terminated"`
					} `json:"state"`
				} `json:"containerStatuses"`
			} `json:"status"`
		} `json:"items"`
	}
	told := drive.Kubectl(t, "get", "pods", "-n", drive.KFPNamespace, "-l", "pipeline/runid="+r.ID, "-o", "json")
	if err := json.Unmarshal([]byte(told), &pods); err != nil || len(pods.Items) != 3 {
		t.Fatalf("%d pods of run %s: %v", len(pods.Items), r.ID, err)
	}
	var running time.Duration
	for _, p := range pods.Items {
		for _, c := range p.Status.Containers {
			if c.Name == "main" {
				running += c.State.Terminated.Finished.Sub(c.State.Terminated.Started)
			}
			if c.State.Terminated.Started.Before(r.FirstTask) || c.State.Terminated.Finished.After(r.ServerFinished.Add(time.Second)) {
				t.Errorf("container %s of %s ran outside its run: %+v", c.Name, p.Metadata.Name, c.State.Terminated)
			}
		}
	}
	if spent := time.Duration(s.Drivers+s.Executors) * time.Second; running > spent || spent == 0 {
		t.Errorf("the containers of run %s ran for %s, its pods in the result for %s", r.ID, running, fmt.Sprint(spent))
	}
}
