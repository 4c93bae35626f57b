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
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// everyMode has an entry of each mode, with pipelines that need no pod.
const everyMode = `[
	{"mode": "PIPELINE_RUN", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
	{"mode": "EXPERIMENT", "runTime": "5s", "numTimes": 2, "pipelineFileName": "noop.yaml"},
	{"mode": "RANDOM_GETS", "startTime": "4s", "runTime": "5s", "numTimes": 20},
	{"mode": "PIPELINE_UPLOAD", "runTime": "5s", "numTimes": 3, "pipelineFileName": "noop.yaml"},
	{"mode": "PIPELINE_SCHEDULED_RUN", "runTime": "25s", "numTimes": 1, "cron": "*/10 * * * * *", "pipelineFileName": "noop.yaml"}]`

func TestSmokeByAPersonWithNothingButOurRole(t *testing.T) {
	jane := drive.Person(t, drive.UserNamespace)
	done := drive.Run(t, drive.UserNamespace, "smoke.json", "--kubeconfig", jane)
	done.Expect(t, drive.ExitDone, "2/2", "as system:serviceaccount:"+drive.UserNamespace+":default-editor")
	server := done.Result(t).Server
	if !server.MultiUser || server.Namespace != drive.UserNamespace || server.Identity != "system:serviceaccount:"+drive.UserNamespace+":default-editor" {
		t.Errorf("server %+v", server)
	}
	drive.NothingIsLeft(t, drive.UserNamespace, done.RunID(t))
}

// TestEveryModeWithTheLeastOfRights runs as the account of manifests/multi-user, which may do less than a profile's.
func TestEveryModeWithTheLeastOfRights(t *testing.T) {
	jane := drive.Person(t, drive.UserNamespace)
	done := drive.Run(t, drive.UserNamespace, drive.ScenarioFile(t, "modes.json", everyMode), "--kubeconfig", jane, "--service-account", "kfpperf")
	done.Expect(t, drive.ExitDone, "as system:serviceaccount:"+drive.UserNamespace+":kfpperf")
	document := done.Result(t)
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
	drive.Person(t, drive.UserNamespace) // for the rights of the account kfpperf
	for _, account := range []string{"first", "second"} {
		drive.Kubectl(t, "create", "serviceaccount", account, "-n", drive.UserNamespace)
		t.Cleanup(func() {
			drive.Kubectl(t, "delete", "serviceaccount", account, "-n", drive.UserNamespace, "--ignore-not-found")
		})
		drive.Kubectl(t, "create", "rolebinding", "e2e-"+account, "--role=kfpperf-runner", "--serviceaccount="+drive.UserNamespace+":"+account, "-n", drive.UserNamespace)
		t.Cleanup(func() { drive.Kubectl(t, "delete", "rolebinding", "e2e-"+account, "-n", drive.UserNamespace) })
	}
	file := filepath.Join(t.TempDir(), "token")
	replaceToken(t, file, "first")
	scenario := drive.ScenarioFile(t, "reads.json", `[{"mode": "RANDOM_GETS", "runTime": "35s", "load": {"rate": "10/s"},
		"reads": {"weights": {"ListRuns": 1, "ListExperiments": 1}}}]`)
	going := drive.Start(t, "run", scenario, "--local", "--kfp-url", serviceURL(t), "-n", drive.UserNamespace, "--token-file", file, "--log-level", "debug")
	time.Sleep(8 * time.Second) // a quarter of the run
	replaceToken(t, file, "second")
	drive.Kubectl(t, "delete", "serviceaccount", "first", "-n", drive.UserNamespace)
	done := drive.Finish(t, going)
	done.Expect(t, drive.ExitDone)
	entry := done.Result(t).Entries[0]
	if entry.Counts.Planned < 340 || entry.Counts.Succeeded != entry.Counts.Planned {
		t.Errorf("counts %+v", entry.Counts)
	}
	noTokenIn(t, "what the plugin said", done.Stdout+done.Stderr)
	noTokenIn(t, "the result", contentOf(t, done))
}

// serviceURL is where KFP's Service is on this machine. The Kubernetes API's own proxy would not do: it passes no
// token on.
func serviceURL(t *testing.T) string {
	t.Helper()
	drive.NeedsOwnCluster(t) // another one's Services have no address here
	return "http://" + strings.TrimSpace(drive.Kubectl(t, "get", "service", "ml-pipeline", "-n", drive.KFPNamespace, "-o", "jsonpath={.spec.clusterIP}")) + ":8888"
}

// replaceToken puts a token into a file as the kubelet does, in one step.
func replaceToken(t *testing.T, file, account string) {
	t.Helper()
	token := drive.Kubectl(t, "create", "token", account, "-n", drive.UserNamespace, "--audience=pipelines.kubeflow.org")
	if err := os.WriteFile(file+".next", []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".next", file); err != nil {
		t.Fatal(err)
	}
}

func TestALocalRunAsksKubernetesForAToken(t *testing.T) {
	done := drive.Kfpperf(t, "run", "smoke-noop.json", "--local", "--kfp-url", serviceURL(t), "-n", drive.UserNamespace)
	done.Expect(t, drive.ExitDone, "2/2", "as system:serviceaccount:"+drive.UserNamespace+":default-editor")
	noTokenIn(t, "the result", contentOf(t, done))
}

// TestNoTokenLeavesThePod looks for tokens in all that a run leaves in the cluster while it is at work, and at home.
func TestNoTokenLeavesThePod(t *testing.T) {
	going := drive.Start(t, "run", drive.ScenarioFile(t, "slow.json", `[{"mode": "RANDOM_GETS", "runTime": "10s", "load": {"rate": "2/s"}}]`),
		"-n", drive.UserNamespace, "--image", drive.Image(t), "--log-level", "debug", "--log-file", filepath.Join(t.TempDir(), "log"))
	label := "app.kubernetes.io/managed-by=kubectl-kfpperf"
	drive.Eventually(t, drive.Soon, "the runner calls KFP", func() (bool, string) {
		pod := drive.Kubectl(t, "get", "pods", "-n", drive.UserNamespace, "-l", label, "-o", "name", "--field-selector", "status.phase=Running")
		if strings.TrimSpace(pod) == "" {
			return false, "no pod"
		}
		log := drive.Kubectl(t, "logs", strings.Fields(pod)[0], "-n", drive.UserNamespace, "-c", "runner")
		noTokenIn(t, "the runner's log", log)
		return strings.Contains(log, "KFP call"), log
	})
	noTokenIn(t, "the objects of the run", drive.Kubectl(t, "get", "jobs,pods", "-n", drive.UserNamespace, "-l", label, "-o", "yaml"))
	noTokenIn(t, "the events", drive.Kubectl(t, "get", "events", "-n", drive.UserNamespace, "-o", "yaml"))
	noTokenIn(t, "the ConfigMap", packed(t, label))
	done := drive.Finish(t, going)
	done.Expect(t, drive.ExitDone)
	noTokenIn(t, "what the plugin said", done.Stdout+done.Stderr)
	noTokenIn(t, "the result", contentOf(t, done))
}

// packed is what the ConfigMaps of the run under way hold, unpacked: its scenario, and that its pod has claimed it.
func packed(t *testing.T, label string) string {
	t.Helper()
	var found struct {
		Items []struct {
			Data       map[string]string
			BinaryData map[string][]byte
		}
	}
	if err := json.Unmarshal([]byte(drive.Kubectl(t, "get", "configmaps", "-n", drive.UserNamespace, "-l", label, "-o", "json")), &found); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	unpacked := 0
	for _, configMap := range found.Items {
		for _, text := range configMap.Data {
			all.WriteString(text)
		}
		chunk, packed := configMap.BinaryData[handoff.ChunkName(0)]
		if !packed {
			continue
		}
		files, err := handoff.Unpack(chunk)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			unpacked++
			all.Write(file.Content)
		}
	}
	if unpacked == 0 || len(found.Items) != 2 {
		t.Fatalf("%d ConfigMaps with %d files", len(found.Items), unpacked)
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
func contentOf(t *testing.T, done drive.Outcome) string {
	t.Helper()
	content, err := json.Marshal(done.Result(t))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// TestOnePersonsRunsAreNotAnothers has somebody with rights in one profile try another one.
func TestOnePersonsRunsAreNotAnothers(t *testing.T) {
	drive.NeedsOwnCluster(t) // another need not have two profiles
	jane := drive.Person(t, drive.UserNamespace)
	done := drive.Run(t, drive.SecondNamespace, "smoke-noop.json", "--kubeconfig", jane)
	done.ExpectCleanFailure(t, drive.SecondNamespace, drive.ExitNoStart, "you may not create jobs in namespace "+drive.SecondNamespace)

	// A token of her own profile opens no other one's runs in KFP.
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(drive.Kubectl(t, "create", "token", "default-editor", "-n", drive.UserNamespace, "--audience=pipelines.kubeflow.org")), 0o600); err != nil {
		t.Fatal(err)
	}
	done = drive.Kfpperf(t, "run", "smoke-noop.json", "--local", "--kfp-url", serviceURL(t), "-n", drive.SecondNamespace, "--token-file", file)
	done.Expect(t, drive.ExitNoStart, "system:serviceaccount:"+drive.UserNamespace+":default-editor may not use KFP in namespace "+drive.SecondNamespace)

	// What she runs meanwhile does not disturb the other's.
	other := drive.StartRun(t, drive.SecondNamespace, "smoke-noop.json")
	hers := drive.Run(t, drive.UserNamespace, drive.ScenarioFile(t, "reads.json", `[{"mode": "RANDOM_GETS", "runTime": "5s", "numTimes": 30}]`), "--kubeconfig", jane)
	hers.Expect(t, drive.ExitDone)
	theirs := drive.Finish(t, other)
	theirs.Expect(t, drive.ExitDone)
	if n := theirs.Result(t).Entries[0].Counts; n != (result.Counts{Planned: 2, Succeeded: 2}) {
		t.Errorf("the other's run: %+v", n)
	}
}
