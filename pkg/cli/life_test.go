package cli

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
)

// atWork is an API with the runs done and busy in namespace home, the second of which has not ended, and two that
// were started together as pair.
func atWork(t *testing.T) *jobsAPI {
	t.Helper()
	a := newJobsAPI(t)
	a.atHome(t, ofTwo)
	a.add("home", "done-abc234", "")
	a.add("other", "busy-abc234", "")
	a.add("a", "pair-abc234-1", "pair-abc234")
	a.add("b", "pair-abc234-2", "pair-abc234")
	a.running = []string{"other"}
	return a
}

// verb calls one, and fails the test where its exit code is another.
func (a *jobsAPI) verb(t *testing.T, want exitCode, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := a.call(t.Context(), interrupts, args...)
	if code != want {
		t.Fatalf("%q: exit %d, want %d\n%s%s", args, code, want, stderr, stdout)
	}
	return stdout, stderr
}

func TestListShowsEachRunOnALine(t *testing.T) {
	a := atWork(t)
	stdout, _ := a.verb(t, exitDone, "list", "-A")
	says(t, stdout, `^NAMESPACE +NAME +SCENARIO +PHASE +PROGRESS +AGE +VERDICT *$`,
		`^home +done-abc234 +tenants +Ended +- +\S+ +passed *$`, `^other +busy-abc234 +tenants +Running +2/2 +\S+ +- *$`)
	stdout, _ = a.verb(t, exitDone, "list")
	says(t, stdout, `^NAME +SCENARIO`, `^done-abc234 `)
	if strings.Contains(stdout, "busy") {
		t.Errorf("shows another namespace\n%s", stdout)
	}
	stdout, _ = a.verb(t, exitDone, "list", "-A", "-o", "wide")
	says(t, stdout, `^a +pair-abc234-1 .* pair-abc234 +pair-abc234-1 +node-of-a *$`)
	stdout, _ = a.verb(t, exitDone, "list", "-A", "-o", "name")
	if stdout != "busy-abc234\ndone-abc234\npair-abc234-1\npair-abc234-2\n" {
		t.Errorf("names %q", stdout)
	}
	var list runList
	stdout, _ = a.verb(t, exitDone, "list", "-A", "-o", "json")
	if err := json.Unmarshal([]byte(stdout), &list); err != nil || len(list.Items) != 4 || list.Kind != "RunList" {
		t.Errorf("%v, %+v", err, list)
	}
	stdout, stderr := a.verb(t, exitDone, "list", "-n", "empty")
	says(t, stderr, `^no runs in namespace empty$`)
	if stdout != "" {
		t.Errorf("printed %q", stdout)
	}
	if stdout, _ = a.verb(t, exitDone, "list", "-n", "empty", "-o", "json"); !strings.Contains(stdout, `"items": []`) {
		t.Errorf("printed %q", stdout)
	}
	a.verb(t, exitUsage, "list", "-o", "text")
	a.refused = []string{"GET jobs"}
	_, stderr = a.verb(t, exitNoStart, "list", "-A")
	says(t, stderr, `^✗ you may not list jobs in all namespaces`)
}

func TestNamesFromTheClusterAreData(t *testing.T) {
	a := atWork(t)
	a.jobs["done-abc234"].Annotations[jobspec.ScenarioAnnotation] = "evil\x1b[2J\nname that is far too long for any table"
	stdout, _ := a.verb(t, exitDone, "list")
	says(t, stdout, `^done-abc234 +evil\x{FFFD}\[2J name that is …? +Ended`)
	if strings.Contains(stdout, "\x1b") {
		t.Errorf("%q", stdout)
	}
	stdout, _ = a.verb(t, exitDone, "status", "done-abc234")
	says(t, stdout, `^  scenario  evil\x{FFFD}\[2J name`)
}

func TestStatusTellsWhatComesNext(t *testing.T) {
	a := atWork(t)
	stdout, _ := a.verb(t, exitDone, "status", "busy-abc234", "-n", "other")
	says(t, stdout, `^run busy-abc234 in other$`, `^  phase     Running, for \d+s$`, `^  pod       busy-abc234$`, `^  node      node-of-other$`,
		`^  progress  #1 PIPELINE_RUN other  2/2 done$`, `^  next      kubectl kfpperf attach busy-abc234 -n other --kubeconfig='kubeconfig'$`)
	stdout, _ = a.verb(t, exitDone, "status", "done-abc234")
	says(t, stdout, `^  phase     Ended, its result was not collected yet$`, `^  result    passed, \d+ bytes, sha256 [0-9a-f]{64}$`, `^  next      kubectl kfpperf collect `)
	a.unpullable = []string{"home"}
	stdout, _ = a.verb(t, exitDone, "status", "kfpperf-done-abc234", "-o", "json")
	var run runDocument
	if err := json.Unmarshal([]byte(stdout), &run); err != nil || run.Kind != "Run" || run.Phase != cluster.PhaseFailed || run.Problem == nil {
		t.Errorf("%v, %+v", err, run)
	}
	stdout, _ = a.verb(t, exitDone, "status", "pair-abc234", "-A")
	says(t, stdout, `^run pair-abc234-1 in a$`, `^run pair-abc234-2 in b$`)
	_, stderr := a.verb(t, exitNoStart, "status", "nobody")
	says(t, stderr, `^✗ there is no run nobody in namespace home$`)
	_, stderr = a.verb(t, exitUsage, "status", "../etc")
	says(t, stderr, `^✗ "\.\./etc" is no name of a run`)
	a.verb(t, exitUsage, "status")
}

func TestLogsAreForPeople(t *testing.T) {
	a := atWork(t)
	stdout, _ := a.verb(t, exitDone, "logs", "done-abc234")
	if stdout != "worker "+scriptVersion+"\nrunning\n" {
		t.Errorf("%q", stdout)
	}
	stdout, _ = a.verb(t, exitDone, "logs", "done-abc234", "-f", "--timestamps")
	says(t, stdout, `^\d{4}-\d\d-\d\dT\S+Z running$`)
	stdout, _ = a.verb(t, exitDone, "logs", "pair-abc234", "-A", "-f")
	says(t, stdout, `^a: running$`, `^b: running$`)
	a.podless = []string{"home"}
	_, stderr := a.verb(t, exitNoStart, "logs", "done-abc234")
	says(t, stderr, `^✗ run done-abc234 has not started`)
}

func TestLogsThatAreFollowedEndWithAnInterrupt(t *testing.T) {
	a := atWork(t)
	ctx, interrupt := context.WithCancel(t.Context())
	a.follow = interrupt
	if code, _, stderr := a.call(ctx, interrupts, "logs", "busy-abc234", "-n", "other", "-f"); code != exitDetached || stderr != "" {
		t.Errorf("exit %d\n%s", code, stderr)
	}
}

func TestAnInterruptBeforeARunIsFoundSaysSo(t *testing.T) {
	a := atWork(t)
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	code, _, stderr := a.call(ctx, pressed(0), "attach", "busy-abc234", "-n", "other")
	if code != exitNoStart || stderr != "✗ interrupted\n" {
		t.Errorf("exit %d\n%s", code, stderr)
	}
}

func TestCollectDoesNotWait(t *testing.T) {
	a := atWork(t)
	_, stderr := a.verb(t, exitNoStart, "collect", "busy-abc234", "-n", "other")
	says(t, stderr, `^✗ the run has not ended, and has no result yet: it is Running$`, `^  follow it with: kubectl kfpperf attach busy-abc234 -n other `)
	if len(written(t)) > 0 {
		t.Error("a result was written")
	}
}

func TestCollectMayBeCalledAgain(t *testing.T) {
	a := atWork(t)
	for range 2 {
		stdout, _ := a.verb(t, exitDone, "collect", "done-abc234")
		says(t, stdout, `^✓ run done-abc234 passed`)
	}
	if files := written(t); !slices.Equal(files, []string{"kfpperf-done-abc234.json"}) {
		t.Errorf("%q", files)
	}
	content, err := os.ReadFile("kfpperf-done-abc234.json")
	if sum := a.jobs["done-abc234"].Annotations[jobspec.CollectedAnnotation]; err != nil || sum != handoff.Sum(content) {
		t.Errorf("%v, noted %q", err, sum)
	}
	stdout, _ := a.verb(t, exitDone, "list")
	says(t, stdout, ` Collected `)
	if err := os.WriteFile("kfpperf-done-abc234.json", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stderr := a.verb(t, exitUsage, "collect", "done-abc234")
	says(t, stderr, `^✗ writing the result: .*exists`, `^  collect it with: `)
}

func TestCollectTakesAllPartsOfARun(t *testing.T) {
	a := atWork(t)
	a.problems = map[string]*handoff.Problem{"b": {Cause: "KFP cannot be reached"}}
	stdout, stderr := a.verb(t, exitNoStart, "collect", "pair-abc234", "-A")
	says(t, stderr, `^✗ b: KFP cannot be reached$`, `^  The run was left in b\.$`)
	says(t, stdout, `in 2 namespaces`)
	if len(written(t)) != 1 || len(a.saw("DELETE")) > 0 {
		t.Errorf("wrote %q, removed %q", written(t), a.saw("DELETE"))
	}
}

func TestDeleteRefusesWhatWouldBeLost(t *testing.T) {
	a := atWork(t)
	_, stderr := a.verb(t, exitNoStart, "delete", "busy-abc234", "-n", "other")
	says(t, stderr, `^✗ run busy-abc234 is under way$`, `^  stop it with: kubectl kfpperf cancel busy-abc234 -n other `)
	_, stderr = a.verb(t, exitNoStart, "delete", "done-abc234")
	says(t, stderr, `^✗ the result of run done-abc234 was not collected$`, `^  bring it home with: kubectl kfpperf collect `)
	if removed := a.saw("DELETE"); len(removed) > 0 {
		t.Errorf("removed %q", removed)
	}
	a.verb(t, exitDone, "delete", "done-abc234", "--force")
	if removed := a.saw("DELETE"); !slices.Equal(removed, []string{"DELETE home/jobs/kfpperf-done-abc234", "DELETE home/configmaps/kfpperf-done-abc234-0"}) {
		t.Errorf("removed %q", removed)
	}
	a.verb(t, exitDone, "collect", "pair-abc234", "-A")
	a.verb(t, exitDone, "delete", "pair-abc234", "-A")
	a.refused = []string{"DELETE other/jobs"}
	_, stderr = a.verb(t, exitLeft, "delete", "busy-abc234", "-n", "other", "--force")
	says(t, stderr, `could not remove job/kfpperf-busy-abc234`)
}
