//go:build e2e && multiuser

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// everyMode has an entry of each mode, with pipelines that need no pod.
const everyMode = `[
	{"mode": "PIPELINE_RUN", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
	{"mode": "EXPERIMENT", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
	{"mode": "RANDOM_GETS", "startTime": "4s", "runTime": "5s", "numTimes": 20},
	{"mode": "PIPELINE_UPLOAD", "runTime": "5s", "numTimes": 3, "pipelineFileName": "noop.yaml"},
	{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "25s", "numTimes": 1, "cron": "*/10 * * * * *", "pipelineFileName": "noop.yaml"}]`

func TestSmokeByAPersonWithNothingButOurRole(t *testing.T) {
	jane := person(t, userNamespace)
	done := run(t, userNamespace, "smoke.json", "--kubeconfig", jane)
	done.expect(t, exitDone, "2/2", "as system:serviceaccount:"+userNamespace+":default-editor")
	server := done.result(t).Server
	if !server.MultiUser || server.Namespace != userNamespace || server.Identity != "system:serviceaccount:"+userNamespace+":default-editor" {
		t.Errorf("server %+v", server)
	}
	nothingIsLeft(t, userNamespace, done.runID(t))
}

// TestEveryModeWithTheLeastOfRights runs as the account of manifests/multi-user, which may do less than a profile's.
func TestEveryModeWithTheLeastOfRights(t *testing.T) {
	jane := person(t, userNamespace)
	done := run(t, userNamespace, scenarioFile(t, "modes.json", everyMode), "--kubeconfig", jane, "--service-account", "kfpperf")
	done.expect(t, exitDone, "as system:serviceaccount:"+userNamespace+":kfpperf")
	document := done.result(t)
	for i, entry := range document.Entries {
		if entry.Counts.Succeeded == 0 || entry.Counts.Errors > 0 || entry.Failure != "" {
			t.Errorf("entry %d (%s): %+v, %s", i+1, entry.Mode, entry.Counts, entry.Failure)
		}
	}
	if schedule := document.Entries[4].Schedule; schedule.Left != 0 {
		t.Errorf("recurring runs are left: %+v", schedule)
	}
	for _, operation := range document.API {
		for class, n := range operation.Errors {
			t.Errorf("%s: %d %s", operation.Name, n, class)
		}
	}
}

// TestATokenThatIsReplacedIsPickedUp has the first token die in the middle of the run: the account that it is of is
// deleted, and every call after that which still showed it would be refused, once the API server has forgotten within
// 10 seconds that it was good.
func TestATokenThatIsReplacedIsPickedUp(t *testing.T) {
	person(t, userNamespace) // for the rights of the account kfpperf
	for _, account := range []string{"first", "second"} {
		kubectl(t, "create", "serviceaccount", account, "-n", userNamespace)
		t.Cleanup(func() { kubectl(t, "delete", "serviceaccount", account, "-n", userNamespace, "--ignore-not-found") })
		kubectl(t, "create", "rolebinding", "e2e-"+account, "--role=kfpperf-runner", "--serviceaccount="+userNamespace+":"+account, "-n", userNamespace)
		t.Cleanup(func() { kubectl(t, "delete", "rolebinding", "e2e-"+account, "-n", userNamespace) })
	}
	file := filepath.Join(t.TempDir(), "token")
	replaceToken(t, file, "first")
	scenario := scenarioFile(t, "reads.json", `[{"mode": "RANDOM_GETS", "runTime": "35s", "load": {"rate": "10/s"},
		"reads": {"weights": {"ListRuns": 1, "ListExperiments": 1}}}]`)
	going := start(t, "run", scenario, "--local", "--kfp-url", serviceURL(t), "-n", userNamespace, "--token-file", file, "--log-level", "debug")
	time.Sleep(8 * time.Second) // a quarter of the run
	replaceToken(t, file, "second")
	kubectl(t, "delete", "serviceaccount", "first", "-n", userNamespace)
	done := finish(t, going)
	done.expect(t, exitDone)
	entry := done.result(t).Entries[0]
	if entry.Counts.Planned < 340 || entry.Counts.Succeeded != entry.Counts.Planned {
		t.Errorf("counts %+v", entry.Counts)
	}
	noTokenIn(t, "what the plugin said", done.stdout+done.stderr)
	noTokenIn(t, "the result", contentOf(t, done))
}

// serviceURL is where KFP's Service is on this machine. The Kubernetes API's own proxy would not do: it passes no
// token on.
func serviceURL(t *testing.T) string {
	t.Helper()
	needsOwnCluster(t) // another one's Services have no address here
	return "http://" + strings.TrimSpace(kubectl(t, "get", "service", "ml-pipeline", "-n", kfpNamespace, "-o", "jsonpath={.spec.clusterIP}")) + ":8888"
}

// replaceToken puts a token into a file as the kubelet does, in one step.
func replaceToken(t *testing.T, file, account string) {
	t.Helper()
	token := kubectl(t, "create", "token", account, "-n", userNamespace, "--audience=pipelines.kubeflow.org")
	if err := os.WriteFile(file+".next", []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".next", file); err != nil {
		t.Fatal(err)
	}
}

func TestALocalRunAsksKubernetesForAToken(t *testing.T) {
	done := kfpperf(t, "run", "smoke-noop.json", "--local", "--kfp-url", serviceURL(t), "-n", userNamespace)
	done.expect(t, exitDone, "2/2", "as system:serviceaccount:"+userNamespace+":default-editor")
	noTokenIn(t, "the result", contentOf(t, done))
}

// TestNoTokenLeavesThePod looks for tokens in all that a run leaves in the cluster while it is at work, and at home.
func TestNoTokenLeavesThePod(t *testing.T) {
	going := start(t, "run", scenarioFile(t, "slow.json", `[{"mode": "RANDOM_GETS", "runTime": "10s", "load": {"rate": "2/s"}}]`),
		"-n", userNamespace, "--image", image(t), "--log-level", "debug", "--log-file", filepath.Join(t.TempDir(), "log"))
	label := "app.kubernetes.io/managed-by=kubectl-kfpperf"
	eventually(t, soon, "the runner calls KFP", func() (bool, string) {
		pod := kubectl(t, "get", "pods", "-n", userNamespace, "-l", label, "-o", "name", "--field-selector", "status.phase=Running")
		if strings.TrimSpace(pod) == "" {
			return false, "no pod"
		}
		log := kubectl(t, "logs", strings.Fields(pod)[0], "-n", userNamespace, "-c", "runner")
		noTokenIn(t, "the runner's log", log)
		return strings.Contains(log, "KFP call"), log
	})
	noTokenIn(t, "the objects of the run", kubectl(t, "get", "jobs,pods", "-n", userNamespace, "-l", label, "-o", "yaml"))
	noTokenIn(t, "the events", kubectl(t, "get", "events", "-n", userNamespace, "-o", "yaml"))
	noTokenIn(t, "the ConfigMap", packed(t, label))
	done := finish(t, going)
	done.expect(t, exitDone)
	noTokenIn(t, "what the plugin said", done.stdout+done.stderr)
	noTokenIn(t, "the result", contentOf(t, done))
}

// packed is what the ConfigMap of the run under way holds, unpacked.
func packed(t *testing.T, label string) string {
	t.Helper()
	var found struct {
		Items []struct{ BinaryData map[string][]byte }
	}
	if err := json.Unmarshal([]byte(kubectl(t, "get", "configmaps", "-n", userNamespace, "-l", label, "-o", "json")), &found); err != nil || len(found.Items) != 1 {
		t.Fatalf("%d ConfigMaps, %v", len(found.Items), err)
	}
	files, err := handoff.Unpack(found.Items[0].BinaryData[handoff.ChunkName(0)])
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var all strings.Builder
	for _, file := range files {
		all.Write(file.Content)
	}
	return all.String()
}

// noTokenIn looks for the beginning that every JSON Web Token has: {" in base64.
func noTokenIn(t *testing.T, what, text string) {
	t.Helper()
	if at := strings.Index(text, "eyJ"); at >= 0 {
		t.Errorf("%s holds a token: …%s", what, text[at:min(at+12, len(text))])
	}
}

// contentOf is the result of a call as JSON.
func contentOf(t *testing.T, done outcome) string {
	t.Helper()
	content, err := json.Marshal(done.result(t))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestOnePersonsRunsAreNotAnothers has somebody with rights in one profile try another one.
func TestOnePersonsRunsAreNotAnothers(t *testing.T) {
	needsOwnCluster(t) // another need not have two profiles
	jane := person(t, userNamespace)
	done := run(t, secondNamespace, "smoke-noop.json", "--kubeconfig", jane)
	done.expectCleanFailure(t, secondNamespace, exitNoStart, "you may not create jobs in namespace "+secondNamespace)

	// A token of her own profile opens no other one's runs in KFP.
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(kubectl(t, "create", "token", "default-editor", "-n", userNamespace, "--audience=pipelines.kubeflow.org")), 0o600); err != nil {
		t.Fatal(err)
	}
	done = kfpperf(t, "run", "smoke-noop.json", "--local", "--kfp-url", serviceURL(t), "-n", secondNamespace, "--token-file", file)
	done.expect(t, exitNoStart, "system:serviceaccount:"+userNamespace+":default-editor may not use KFP in namespace "+secondNamespace)

	// What she runs meanwhile does not disturb the other's.
	other := start(t, "run", "smoke-noop.json", "-n", secondNamespace, "--image", image(t))
	hers := run(t, userNamespace, scenarioFile(t, "reads.json", `[{"mode": "RANDOM_GETS", "runTime": "5s", "numTimes": 30}]`), "--kubeconfig", jane)
	hers.expect(t, exitDone)
	theirs := finish(t, other)
	theirs.expect(t, exitDone)
	if n := theirs.result(t).Entries[0].Counts; n != (result.Counts{Planned: 2, Succeeded: 2}) {
		t.Errorf("the other's run: %+v", n)
	}
}
