package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func someChecks() []handoff.Check {
	return []handoff.Check{
		handoff.Pass("scenario", "smoke.json: 1 entry, 1 pipeline (3 KiB)"),
		handoff.Pass("create jobs", "batch/jobs in kubeflow-user"),
		handoff.Fail("pod admission", &handoff.Problem{
			Cause: "the quota of namespace kubeflow-user is too small for the pod", Evidence: "exceeded quota: rq\x1b[31m, requested: requests.cpu=500m",
			Remedy: "Lower what it asks for with --resources.",
		}),
		handoff.Doubt("KFP reachable", "only the cluster can tell", "Add --probe."),
	}
}

func TestChecksForPeople(t *testing.T) {
	const wide = `  ✓ scenario       smoke.json: 1 entry, 1 pipeline (3 KiB)
  ✓ create jobs    batch/jobs in kubeflow-user
  ✗ pod admission  the quota of namespace kubeflow-user is too small for the pod
                   exceeded quota: rq�[31m, requested: requests.cpu=500m
                   Lower what it asks for with --resources.
  ? KFP reachable  only the cluster can tell
                   Add --probe.
1 of 4 checks failed
`
	if got := checkTable(someChecks(), 0); got != wide {
		t.Errorf("got\n%s", got)
	}
	for line := range strings.Lines(checkTable(someChecks(), 60)) {
		if columnsOf(strings.TrimSuffix(line, "\n")) > 60 {
			t.Errorf("wider than the terminal: %q", line)
		}
	}
	if got := checkTable(someChecks()[:2], 0); !strings.HasSuffix(got, "all 2 checks passed\n") {
		t.Errorf("got\n%s", got)
	}
	if got := checkTable(append(someChecks()[:2], someChecks()[3]), 0); !strings.HasSuffix(got, "2 of 3 checks passed, none failed, 1 unknown\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestChecksForPrograms(t *testing.T) {
	var out bytes.Buffer
	o := &checkOptions{program: program{streams: genericiooptions.IOStreams{Out: &out}}, output: outputJSON}
	if code := codeOf(o.print(someChecks())); code != exitNoStart {
		t.Errorf("exit code %d", code)
	}
	var told struct {
		APIVersion, Kind string
		Checks           []handoff.Check
	}
	if err := json.Unmarshal(out.Bytes(), &told); err != nil || told.Kind != "CheckList" || len(told.Checks) != 4 || told.Checks[2].Status != handoff.Failed {
		t.Errorf("%+v, %v", told, err)
	}
	if err := o.print(someChecks()[:2]); err != nil {
		t.Error(err)
	}
}

func TestAProbeKnowsBetterThanAGuess(t *testing.T) {
	guessed := []handoff.Check{
		handoff.Pass("scenario", ""), handoff.Doubt("KFP reachable", "", ""), handoff.Doubt(cluster.CheckKFP, "", ""),
	}
	probed := []handoff.Check{handoff.Pass("KFP reachable", "inside"), handoff.Pass("KFP identity", "")}
	var names []string
	for _, check := range merge(guessed, probed) {
		names = append(names, check.Name+" "+string(check.Status))
	}
	if got := strings.Join(names, ", "); got != "scenario pass, KFP reachable pass, KFP identity pass" {
		t.Errorf("merged: %s", got)
	}
	guessed[2] = handoff.Pass(cluster.CheckKFP, "all of them")
	if merged := merge(guessed, probed); len(merged) != 4 {
		t.Errorf("rights that are known were dropped: %+v", merged)
	}
}

func TestRightsOfEveryMode(t *testing.T) {
	seen := map[string]int{}
	var entries []scenario.Entry
	for _, mode := range []scenario.Mode{
		scenario.PipelineRun, scenario.Experiment, scenario.RandomGets, scenario.PipelineUpload, scenario.PipelineScheduledRun,
	} {
		alone := kfpRights(&scenario.Document{Entries: []scenario.Entry{{Mode: mode}}}, "all")
		if len(alone) == 0 || alone[0].Verb == "" || alone[0].Resource == "" {
			t.Errorf("%s: %+v", mode, alone)
		}
		entries = append(entries, scenario.Entry{Mode: mode, Terminate: true})
	}
	for _, right := range kfpRights(&scenario.Document{Entries: entries}, "all") {
		seen[right.Verb+" "+right.Resource]++
	}
	if seen["create runs"] != 1 || seen["terminate runs"] != 1 || seen["delete jobs"] != 1 || seen["delete runs"] != 0 {
		t.Errorf("rights %v", seen)
	}
}

// A run is not refused because what it makes cannot be deleted.
func TestRightsThatOnlyHelp(t *testing.T) {
	helps := func(mode scenario.Mode, keep result.Keep) map[string]bool {
		all := map[string]bool{}
		for _, right := range kfpRights(&scenario.Document{Entries: []scenario.Entry{{Mode: mode}}}, string(keep)) {
			all[right.Verb+" "+right.Resource] = right.Helps
		}
		return all
	}
	runs := helps(scenario.PipelineRun, result.KeepFailed)
	if helping, known := runs["create runs"]; helping || !known || !runs["delete runs"] || !runs["list jobs"] || runs["list runs"] {
		t.Errorf("of runs %v", runs)
	}
	if reads := helps(scenario.RandomGets, result.KeepFailed); len(reads) != 1 {
		t.Errorf("of reads %v", reads)
	}
	if kept := helps(scenario.PipelineRun, result.KeepAll); kept["delete runs"] {
		t.Errorf("of runs that stay %v", kept)
	}
}

func TestImageReferences(t *testing.T) {
	for image, want := range map[string]handoff.Status{
		"ghcr.io/kfpperf/kubectl-kfpperf:v0.1.0":                  handoff.Passed,
		"registry:5000/kfpperf@sha256:" + strings.Repeat("a", 64): handoff.Passed,
		"Ghcr.io/UPPER": handoff.Failed,
		"a image":       handoff.Failed,
		"":              handoff.Failed,
	} {
		if check := checkImage(image); check.Status != want {
			t.Errorf("%q: %+v", image, check)
		}
	}
}

func TestAScenarioThatCannotBeRunIsACheckThatFails(t *testing.T) {
	check := scenarioFault("load.json", scenario.Errors{{}, {}})
	if check.Status != handoff.Failed || check.Cause != "load.json has 2 errors" {
		t.Errorf("%+v", check)
	}
	if check := scenarioFault("load.json", errors.New("no such file")); check.Evidence != "no such file" {
		t.Errorf("%+v", check)
	}
}
