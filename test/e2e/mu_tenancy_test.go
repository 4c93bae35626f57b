//go:build e2e && multiuser

package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// TestTwoTenantsShareAScenario has the runs of one entry made half by the one, half by the other, each as itself and
// in its own namespace.
func TestTwoTenantsShareAScenario(t *testing.T) {
	drive.NeedsOwnCluster(t) // another need not have two profiles
	file := drive.ScenarioFile(t, "tenants.json", `[
		{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 8, "pipelineFileName": "noop.yaml",
		 "namespaces": {"prefix": "kubeflow-user", "count": 2}},
		{"mode": "RANDOM_GETS", "runTime": "5s", "load": {"rate": "2/s"}, "namespaces": ["kubeflow-user2"]}]`)
	// The names are kubeflow-user1 and kubeflow-user2, of which there is only the second: nothing is started.
	drive.Run(t, drive.UserNamespace, file).ExpectCleanFailure(t, drive.SecondNamespace, drive.ExitNoStart, "namespace kubeflow-user1 was not found")

	file = drive.ScenarioFile(t, "tenants.json", `[
		{"mode": "EXPERIMENT", "runTime": "10s", "numTimes": 8, "pipelineFileName": "noop.yaml",
		 "namespaces": ["kubeflow-user", "kubeflow-user2"]},
		{"mode": "RANDOM_GETS", "runTime": "5s", "load": {"rate": "2/s"}, "namespaces": ["kubeflow-user2"]}]`)
	done := drive.Run(t, drive.UserNamespace, file, "-o", "json", "--keep", "all")
	done.Expect(t, drive.ExitDone, "in 2 namespaces")
	var list result.List
	if err := json.Unmarshal([]byte(done.Stdout), &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 2 || list.Verdict.Status != result.Passed || len(list.Fairness) != 1 || list.Fairness[0].JainIndex == nil {
		t.Fatalf("%d items, %+v, %+v", len(list.Items), list.Verdict, list.Fairness)
	}
	for i, namespace := range []string{drive.UserNamespace, drive.SecondNamespace} {
		d := list.Items[i]
		who := "system:serviceaccount:" + namespace + ":default-editor"
		if d.Server.Identity != who || d.Server.Namespace != namespace {
			t.Errorf("%s: server %+v", namespace, d.Server)
		}
		if d.Entries[0].Counts != (result.Counts{Planned: 4, Succeeded: 4}) {
			t.Errorf("%s: %+v", namespace, d.Entries[0].Counts)
		}
		for _, r := range d.Entries[0].Runs {
			if served := kfpGetAs(t, who, "/apis/v2beta1/runs/"+r.ID); !strings.Contains(served, "SUCCEEDED") {
				t.Errorf("%s: %s", namespace, served)
			}
		}
		drive.NothingIsLeft(t, namespace, d.RunID)
	}
}

// TestTenantsByAPersonOfOne refuses a scenario that reaches into a namespace that is not hers.
func TestTenantsByAPersonOfOne(t *testing.T) {
	drive.NeedsOwnCluster(t)
	jane := drive.Person(t, drive.UserNamespace)
	done := drive.Run(t, drive.UserNamespace, "tenancy.json", "--kubeconfig", jane)
	done.ExpectCleanFailure(t, drive.SecondNamespace, drive.ExitNoStart, "you may not create jobs in namespace "+drive.SecondNamespace)
	nothingOf(t, drive.UserNamespace)
}

// nothingOf looks for anything of ours in a namespace.
func nothingOf(t *testing.T, namespace string) {
	t.Helper()
	if left := drive.Kubectl(t, "get", "jobs,pods,configmaps", "-n", namespace, "-o", "name", "-l", "app.kubernetes.io/managed-by=kubectl-kfpperf"); left != "" {
		t.Errorf("left in %s: %s", namespace, left)
	}
}
