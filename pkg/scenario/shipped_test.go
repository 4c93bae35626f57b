package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/scenarios"
)

// TestTheIndexAndTheShippedScenariosAgree holds what the index says against the files.
func TestTheIndexAndTheShippedScenariosAgree(t *testing.T) {
	t.Chdir(t.TempDir())
	described := map[string]bool{}
	for _, d := range scenarios.Index() {
		if described[d.File] {
			t.Errorf("%s is described twice", d.File)
		}
		described[d.File] = true
		if !strings.Contains(d.Question, "?") {
			t.Errorf("%s: %q is no question", d.File, d.Question)
		}
		document := load(t, d.File)
		if takes := leastTime(document); d.Takes < takes || d.Takes > takes+10*time.Minute {
			t.Errorf("%s starts its last work after %v, and the index says that it takes %v", d.File, takes, d.Takes)
		}
		pods := func(e Entry) bool { // the shipped v1 pipelines have none
			return e.Mode != PipelineUpload && strings.Contains(string(document.Pipelines[e.PipelineFileName]), "schemaVersion")
		}
		if slices.ContainsFunc(document.Entries, pods) != d.Pods {
			t.Errorf("%s: the index says of pods: %t", d.File, d.Pods)
		}
	}
	for _, name := range shipped().shippedScenarios() {
		if !described[name] {
			t.Errorf("%s is not in the index", name)
		}
	}
}

// leastTime is how long a scenario goes on however short its runs are: entries without a load start their
// runs at once.
func leastTime(d *Document) time.Duration {
	var least Duration
	for _, e := range d.Entries {
		end := e.StartTime + e.RunTime
		if e.Load == nil && (e.Mode == PipelineRun || e.Mode == Experiment) {
			end = e.StartTime
		}
		least = max(least, end)
	}
	return time.Duration(least)
}

func TestAShippedScenarioIsReadByItsName(t *testing.T) {
	want, err := scenarios.FS.ReadFile("smoke-noop.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"smoke-noop.json", "smoke-noop"} {
		if text, err := shipped().ReadShipped(name); err != nil || string(text) != string(want) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
	for name, want := range map[string]string{
		"smoke-nop": `there is no scenario "smoke-nop"; did you mean the shipped smoke-noop.json?`,
		"Ramp":      `there is no scenario "Ramp"; did you mean the shipped ramp.json?`,
		"\x1b":      `there is no scenario "\x1b"; the shipped ones are `,
		"pipelines": `there is no scenario "pipelines"; the shipped ones are `,
	} {
		if _, err := shipped().ReadShipped(name); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
