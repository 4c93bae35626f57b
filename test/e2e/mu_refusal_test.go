//go:build e2e && multiuser

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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
	args := append([]string{"smoke-noop.json", "-n", r.namespace, "--image", image(t)}, r.args...)
	check := append([]string{"check"}, args...)
	if r.probe {
		check = append(check, "--probe")
	}
	for _, args := range [][]string{check, append([]string{"run"}, args...)} {
		done := kfpperf(t, args...)
		if done.took > promptly {
			t.Errorf("%s took %s", args[0], done.took)
		}
		done.expect(t, exitNoStart, r.says...)
		eventually(t, soon, "nothing labelled as ours", func() (bool, string) {
			left := kubectl(t, "get", "jobs,pods,configmaps", "-n", r.namespace, "-o", "name", "--ignore-not-found",
				"-l", "app.kubernetes.io/managed-by=kubectl-kfpperf")
			return left == "", left
		})
	}
}

func TestRefusedWithoutTheRightToCreateJobs(t *testing.T) {
	kubectl(t, "create", "serviceaccount", "stranger", "-n", userNamespace)
	t.Cleanup(func() { kubectl(t, "delete", "serviceaccount", "stranger", "-n", userNamespace) })
	refusal{
		namespace: userNamespace, args: []string{"--kubeconfig", kubeconfigOf(t, userNamespace, "stranger")},
		says: []string{"you may not create jobs in namespace " + userNamespace, "kubectl kfpperf rbac -n " + userNamespace},
	}.expect(t)
}

func TestRefusedByAQuota(t *testing.T) {
	namespace := profile(t)
	kubectl(t, "create", "quota", "tight", "--hard=requests.cpu=100m,requests.memory=64Mi", "-n", namespace)
	eventually(t, soon, "the quota is in force", func() (bool, string) {
		used := kubectl(t, "get", "quota", "tight", "-n", namespace, "-o", "jsonpath={.status.hard}")
		return used != "", used
	})
	says := []string{"the quota of namespace " + namespace + " is too small for the pod", "exceeded quota", "--resources"}
	refusal{namespace: namespace, says: says}.expect(t)

	// Who may not create pods learns it from the Job's events.
	jane := person(t, namespace)
	done := run(t, namespace, "smoke-noop.json", "--kubeconfig", jane)
	done.expectCleanFailure(t, namespace, exitNoStart, says...)
	if done.took > promptly {
		t.Errorf("it took %s", done.took)
	}
	kfpperf(t, "check", "smoke-noop.json", "-n", namespace, "--kubeconfig", jane, "--image", image(t)).
		expect(t, exitDone, "? pod admission", "you may not create pods")
	probed := kfpperf(t, "check", "smoke-noop.json", "-n", namespace, "--kubeconfig", jane, "--image", image(t), "--probe")
	probed.expectCleanFailure(t, namespace, exitNoStart, says...)
	if probed.took > promptly {
		t.Errorf("it took %s", probed.took)
	}

	// And the quota is no obstacle to who asks for less.
	run(t, namespace, "smoke-noop.json", "--pod-patch", smallerPatch(t)).expect(t, exitDone, "2/2")
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
	says := []string{"the pod security of namespace " + userNamespace + " refuses the pod", "violates PodSecurity", "--pod-patch"}
	refusal{namespace: userNamespace, args: []string{"--pod-patch", file}, says: says}.expect(t)

	done := run(t, userNamespace, "smoke-noop.json", "--pod-patch", file, "--kubeconfig", person(t, userNamespace))
	done.expectCleanFailure(t, userNamespace, exitNoStart, says...)
	if done.took > promptly {
		t.Errorf("it took %s", done.took)
	}
}

func TestRefusedForAWrongAudience(t *testing.T) {
	refusal{
		namespace: userNamespace, args: []string{"--token-audience", "vault"}, probe: true,
		says: []string{"KFP does not accept a token of audience vault", "401", "--token-audience"},
	}.expect(t)
}

func TestRefusedForAnAccountWithoutRights(t *testing.T) {
	kubectl(t, "create", "serviceaccount", "idle", "-n", userNamespace)
	t.Cleanup(func() { kubectl(t, "delete", "serviceaccount", "idle", "-n", userNamespace) })
	says := []string{"idle may not use KFP in namespace " + userNamespace, "kubeflow-edit", "--service-account"}
	refusal{namespace: userNamespace, args: []string{"--service-account", "idle"}, says: says}.expect(t)
	// Who may not ask what others may do has KFP asked.
	jane := person(t, userNamespace)
	refusal{namespace: userNamespace, args: []string{"--service-account", "idle", "--kubeconfig", jane}, says: append(says, "403"), probe: true}.expect(t)
}

func TestRefusedInANamespaceThatIsNoProfile(t *testing.T) {
	namespace := newNamespace(t)
	refusal{namespace: namespace, says: []string{"may not use KFP in namespace " + namespace, "kubectl kfpperf rbac -n " + namespace}}.expect(t)
}

// TestRefusedWhereAHeaderIsNotBelieved has the server look for users in another header: it takes no notice of ours, and
// wants a token.
func TestRefusedWhereAHeaderIsNotBelieved(t *testing.T) {
	needsOwnCluster(t)
	setServer := func(header string) {
		kubectl(t, "set", "env", "deployment/ml-pipeline", "-n", kfpNamespace, "KUBEFLOW_USERID_HEADER="+header)
		kubectl(t, "rollout", "status", "deployment/ml-pipeline", "-n", kfpNamespace, "--timeout=3m")
		eventually(t, soon, "only one server answers", func() (bool, string) {
			pods := kubectl(t, "get", "pods", "-n", kfpNamespace, "-l", "app=ml-pipeline", "-o", "name")
			return len(strings.Fields(pods)) == 1, pods
		})
	}
	setServer("x-goog-authenticated-user-email")
	t.Cleanup(func() { setServer("kubeflow-userid") })
	refusal{
		namespace: userNamespace, args: []string{"--kfp-user", "jane@example.com"}, probe: true,
		says: []string{"KFP takes no notice of the header kubeflow-userid: it wants a token", "--kfp-user-header"},
	}.expect(t)
	// With the header that it looks at, jane is somebody without rights.
	refusal{
		namespace: userNamespace, probe: true,
		args: []string{"--kfp-user", "accounts.google.com:jane@example.com", "--kfp-user-header", "x-goog-authenticated-user-email"},
		says: []string{"jane@example.com may not use KFP in namespace " + userNamespace, "403"},
	}.expect(t)
}

func TestRefusedInAnUnknownNamespace(t *testing.T) {
	refusal{namespace: "kfpperf-e2e-absent", says: []string{"namespace kfpperf-e2e-absent was not found", "-n"}}.expect(t)
	jane := person(t, userNamespace) // who may not look learns no more than that it is not hers
	refusal{
		namespace: "kfpperf-e2e-absent", args: []string{"--kubeconfig", jane},
		says: []string{"you may not create jobs in namespace kfpperf-e2e-absent"},
	}.expect(t)
}

// TestCheckPassesWhereARunStarts has check look at all that there is, by the rights that our own Role grants and by
// those of an administrator.
func TestCheckPassesWhereARunStarts(t *testing.T) {
	jane := person(t, userNamespace)
	for name, args := range map[string][]string{"administrator": nil, "jane": {"--kubeconfig", jane}} {
		done := kfpperf(t, append([]string{"check", "smoke.json", "-n", userNamespace, "--image", image(t), "--probe"}, args...)...)
		done.expect(t, exitDone, "✓ KFP reachable", "multi-user, at ", "✓ KFP identity", "✓ default experiment", "✓ create jobs", "✓ probe")
		if unknown := strings.Contains(done.stdout, "? pod admission"); unknown != (name == "jane") {
			t.Errorf("%s: admission is unknown: %v", name, unknown)
		}
		if done.took > promptly {
			t.Errorf("%s: it took %s", name, done.took)
		}
	}
	done := kfpperf(t, "check", "-n", userNamespace, "--image", image(t), "-o", "json")
	done.expect(t, exitDone, `"kind": "CheckList"`)
	if slices.Contains(strings.Fields(done.stdout), `"fail",`) {
		t.Error("something failed")
	}
}

// profile makes a namespace in which the account default-editor may use KFP.
func profile(t *testing.T) string {
	t.Helper()
	namespace := newNamespace(t)
	kubectl(t, "create", "serviceaccount", "default-editor", "-n", namespace)
	kubectl(t, "create", "rolebinding", "default-editor", "--clusterrole=kubeflow-edit", "--serviceaccount="+namespace+":default-editor", "-n", namespace)
	return namespace
}
