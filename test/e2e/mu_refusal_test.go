//go:build e2e && multiuser

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// promptly is how long it may take to say why a run cannot start.
const promptly = 10 * time.Second

// refusal is a run that cannot start.
type refusal struct {
	namespace string
	args      []string
	// says are words that both check and run use.
	says []string
	// probe says that only the cluster can tell: check needs to be asked to look.
	probe bool
}

// expect has check and run say so, promptly, with the same words and exit code, and leave nothing.
func (r refusal) expect(t *testing.T) {
	t.Helper()
	args := append([]string{"smoke-noop.json", "-n", r.namespace, "--image", drive.Image(t)}, r.args...)
	check := append([]string{"check"}, args...)
	if r.probe {
		check = append(check, "--probe")
	}
	for _, args := range [][]string{check, append([]string{"run"}, args...)} {
		done := drive.Kfpperf(t, args...)
		if done.Took > promptly {
			t.Errorf("%s took %s", args[0], done.Took)
		}
		done.Expect(t, drive.ExitNoStart, r.says...)
		drive.Eventually(t, drive.Soon, "nothing labelled as ours", func() (bool, string) {
			left := drive.Kubectl(t, "get", "jobs,pods,configmaps", "-n", r.namespace, "-o", "name", "--ignore-not-found",
				"-l", "app.kubernetes.io/managed-by=kubectl-kfpperf")
			return left == "", left
		})
	}
}

func TestRefusedWithoutTheRightToCreateJobs(t *testing.T) {
	drive.Kubectl(t, "create", "serviceaccount", "stranger", "-n", drive.UserNamespace)
	t.Cleanup(func() { drive.Kubectl(t, "delete", "serviceaccount", "stranger", "-n", drive.UserNamespace) })
	refusal{
		namespace: drive.UserNamespace, args: []string{"--kubeconfig", drive.KubeconfigOf(t, drive.UserNamespace, "stranger")},
		says: []string{"you may not create jobs in namespace " + drive.UserNamespace, "kubectl kfpperf rbac -n " + drive.UserNamespace},
	}.expect(t)
}

func TestRefusedByAQuota(t *testing.T) {
	namespace := profile(t)
	drive.Kubectl(t, "create", "quota", "tight", "--hard=requests.cpu=100m,requests.memory=64Mi", "-n", namespace)
	drive.Eventually(t, drive.Soon, "the quota is in force", func() (bool, string) {
		used := drive.Kubectl(t, "get", "quota", "tight", "-n", namespace, "-o", "jsonpath={.status.hard}")
		return used != "", used
	})
	says := []string{"the quota of namespace " + namespace + " is too small for the pod", "exceeded quota", "--resources"}
	refusal{namespace: namespace, says: says}.expect(t)

	// Who may not create pods learns it from the Job's events.
	jane := drive.Person(t, namespace)
	done := drive.Run(t, namespace, "smoke-noop.json", "--kubeconfig", jane)
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, says...)
	if done.Took > promptly {
		t.Errorf("it took %s", done.Took)
	}
	drive.Kfpperf(t, "check", "smoke-noop.json", "-n", namespace, "--kubeconfig", jane, "--image", drive.Image(t)).
		Expect(t, drive.ExitDone, "? pod admission", "you may not create pods")
	probed := drive.Kfpperf(t, "check", "smoke-noop.json", "-n", namespace, "--kubeconfig", jane, "--image", drive.Image(t), "--probe")
	probed.ExpectCleanFailure(t, namespace, drive.ExitNoStart, says...)
	if probed.Took > promptly {
		t.Errorf("it took %s", probed.Took)
	}

	// And the quota is no obstacle to who asks for less.
	drive.Run(t, namespace, "smoke-noop.json", "--pod-patch", smallerPatch(t)).Expect(t, drive.ExitDone, "2/2")
}

// smallerPatch has both containers ask for so little that the quota of 100m and 64Mi lets them in.
func smallerPatch(t *testing.T) string {
	t.Helper()
	return patchFile(t, `spec:
  containers:
    - {name: runner, resources: {requests: {cpu: 50m, memory: 32Mi}}}
    - {name: results, resources: {requests: {cpu: 10m, memory: 16Mi}}}
`)
}

func patchFile(t *testing.T, patch string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "patch.yaml")
	if err := os.WriteFile(file, []byte(patch), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRefusedByPodSecurity(t *testing.T) {
	file := patchFile(t, "spec: {hostNetwork: true}\n")
	says := []string{"the pod security of namespace " + drive.UserNamespace + " refuses the pod", "violates PodSecurity", "--pod-patch"}
	refusal{namespace: drive.UserNamespace, args: []string{"--pod-patch", file}, says: says}.expect(t)

	done := drive.Run(t, drive.UserNamespace, "smoke-noop.json", "--pod-patch", file, "--kubeconfig", drive.Person(t, drive.UserNamespace))
	done.ExpectCleanFailure(t, drive.UserNamespace, drive.ExitNoStart, says...)
	if done.Took > promptly {
		t.Errorf("it took %s", done.Took)
	}
}

func TestRefusedForAWrongAudience(t *testing.T) {
	refusal{
		namespace: drive.UserNamespace, args: []string{"--token-audience", "vault"}, probe: true,
		says: []string{"KFP does not accept a token of audience vault", "401", "--token-audience"},
	}.expect(t)
}

func TestRefusedForAnAccountWithoutRights(t *testing.T) {
	drive.Kubectl(t, "create", "serviceaccount", "idle", "-n", drive.UserNamespace)
	t.Cleanup(func() { drive.Kubectl(t, "delete", "serviceaccount", "idle", "-n", drive.UserNamespace) })
	says := []string{"idle may not use KFP in namespace " + drive.UserNamespace, "kubeflow-edit", "--service-account"}
	refusal{namespace: drive.UserNamespace, args: []string{"--service-account", "idle"}, says: says}.expect(t)
	// Who may not ask what others may do has KFP asked.
	jane := drive.Person(t, drive.UserNamespace)
	refusal{namespace: drive.UserNamespace, args: []string{"--service-account", "idle", "--kubeconfig", jane}, says: append(says, "403"), probe: true}.expect(t)
}

func TestRefusedInANamespaceThatIsNoProfile(t *testing.T) {
	namespace := drive.NewNamespace(t)
	refusal{namespace: namespace, says: []string{"may not use KFP in namespace " + namespace, "kubectl kfpperf rbac -n " + namespace}}.expect(t)
}

// TestRefusedWhereAHeaderIsNotBelieved has the server look for users in another header: it takes no notice of ours, and
// wants a token.
func TestRefusedWhereAHeaderIsNotBelieved(t *testing.T) {
	drive.NeedsOwnCluster(t)
	setServer := func(header string) {
		drive.Kubectl(t, "set", "env", "deployment/ml-pipeline", "-n", drive.KFPNamespace, "KUBEFLOW_USERID_HEADER="+header)
		drive.Kubectl(t, "rollout", "status", "deployment/ml-pipeline", "-n", drive.KFPNamespace, "--timeout=3m")
		drive.Eventually(t, drive.Soon, "only one server answers", func() (bool, string) {
			pods := drive.Kubectl(t, "get", "pods", "-n", drive.KFPNamespace, "-l", "app=ml-pipeline", "-o", "name")
			return len(strings.Fields(pods)) == 1, pods
		})
	}
	setServer("x-goog-authenticated-user-email")
	t.Cleanup(func() { setServer("kubeflow-userid") })
	refusal{
		namespace: drive.UserNamespace, args: []string{"--kfp-user", "jane@example.com"}, probe: true,
		says: []string{"KFP takes no notice of the header kubeflow-userid: it wants a token", "--kfp-user-header"},
	}.expect(t)
	// With the header that it looks at, jane is somebody without rights.
	refusal{
		namespace: drive.UserNamespace, probe: true,
		args: []string{"--kfp-user", "accounts.google.com:jane@example.com", "--kfp-user-header", "x-goog-authenticated-user-email"},
		says: []string{"jane@example.com may not use KFP in namespace " + drive.UserNamespace, "403"},
	}.expect(t)
}

func TestRefusedInAnUnknownNamespace(t *testing.T) {
	refusal{namespace: "kfpperf-e2e-absent", says: []string{"namespace kfpperf-e2e-absent was not found", "-n"}}.expect(t)
	jane := drive.Person(t, drive.UserNamespace) // who may not look learns no more than that it is not hers
	refusal{
		namespace: "kfpperf-e2e-absent", args: []string{"--kubeconfig", jane},
		says: []string{"you may not create jobs in namespace kfpperf-e2e-absent"},
	}.expect(t)
}

// TestCheckPassesWhereARunStarts has check look at all that there is, by the rights that our own Role grants and by
// those of an administrator.
func TestCheckPassesWhereARunStarts(t *testing.T) {
	jane := drive.Person(t, drive.UserNamespace)
	for name, args := range map[string][]string{"administrator": nil, "jane": {"--kubeconfig", jane}} {
		done := drive.Kfpperf(t, append([]string{"check", "smoke.json", "-n", drive.UserNamespace, "--image", drive.Image(t), "--probe"}, args...)...)
		done.Expect(t, drive.ExitDone, "✓ KFP reachable", "multi-user, at ", "✓ KFP identity", "✓ default experiment", "✓ create jobs", "✓ probe")
		if unknown := strings.Contains(done.Stdout, "? pod admission"); unknown != (name == "jane") {
			t.Errorf("%s: admission is unknown: %v", name, unknown)
		}
		if done.Took > promptly {
			t.Errorf("%s: it took %s", name, done.Took)
		}
	}
	done := drive.Kfpperf(t, "check", "-n", drive.UserNamespace, "--image", drive.Image(t), "-o", "json")
	done.Expect(t, drive.ExitDone, `"kind": "CheckList"`)
	if slices.Contains(strings.Fields(done.Stdout), `"fail",`) {
		t.Error("something failed")
	}
}

// profile makes a namespace in which the account default-editor may use KFP.
func profile(t *testing.T) string {
	t.Helper()
	namespace := drive.NewNamespace(t)
	drive.Kubectl(t, "create", "serviceaccount", "default-editor", "-n", namespace)
	drive.Kubectl(t, "create", "rolebinding", "default-editor", "--clusterrole=kubeflow-edit", "--serviceaccount="+namespace+":default-editor", "-n", namespace)
	return namespace
}
