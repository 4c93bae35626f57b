//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// tasks are the names and states of a run's tasks, as the server has them.
type tasks []string

// tasksOf reads the tasks of a run that has ended. KFP may know of the run's end before it knows of theirs.
func tasksOf(t *testing.T, id string) (found tasks) {
	t.Helper()
	drive.Eventually(t, drive.Soon, "the tasks have ended", func() (bool, string) {
		var served struct {
			Details struct {
				Tasks []struct {
					Name  string `json:"display_name"`
					State string `json:"state"`
				} `json:"task_details"`
			} `json:"run_details"`
		}
		if err := json.Unmarshal([]byte(kfpGet(t, "/apis/v2beta1/runs/"+id)), &served); err != nil {
			t.Fatal(err)
		}
		found = nil
		for _, task := range served.Details.Tasks {
			found = append(found, task.Name+" "+task.State)
		}
		all := fmt.Sprint(found)
		return len(found) > 0 && !strings.Contains(all, "RUNNING") && !strings.Contains(all, "PENDING"), all
	})
	return found
}

func (ts tasks) expect(t *testing.T, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !slices.Contains(ts, want) {
			t.Errorf("no %s among the tasks %q", want, ts)
		}
	}
}

func (ts tasks) count(wanted string) int {
	n := 0
	for _, task := range ts {
		if task == wanted {
			n++
		}
	}
	return n
}
