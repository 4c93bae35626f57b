//go:build e2e && !multiuser

package e2e

import (
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestClosedPort(t *testing.T) {
	namespace := drive.NewNamespace(t)
	// The API server's own Service has a real address, and nothing listens on this port of its node.
	address := drive.Kubectl(t, "get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}")
	done := drive.Run(t, namespace, "smoke-noop.json", "--kfp-url", "http://"+address+":9")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "cannot be reached", "connection refused", "--kfp-url")
}

func TestServiceWithoutEndpoints(t *testing.T) {
	namespace := drive.NewNamespace(t)
	drive.Kubectl(t, "create", "service", "clusterip", "nobody", "--tcp=8888", "-n", namespace)
	done := drive.Run(t, namespace, "smoke-noop.json", "--kfp-url", "http://nobody."+namespace+".svc:8888")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "cannot be reached", "connection refused", "endpoints")
}

func TestNameThatDoesNotResolve(t *testing.T) {
	namespace := drive.NewNamespace(t)
	done := drive.Run(t, namespace, "smoke-noop.json", "--kfp-url", "http://nowhere."+namespace+".svc:8888")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "cannot be reached", "lookup nowhere", "--kfp-url")
}

func TestWrongNamespace(t *testing.T) {
	done := drive.Run(t, "kfpperf-e2e-absent", "smoke-noop.json")
	done.Expect(t, drive.ExitNoStart, "kfpperf-e2e-absent", "not found", "-n")
}

func TestNoRightToCreate(t *testing.T) {
	for _, resource := range []string{"jobs", "configmaps"} {
		t.Run(resource, func(t *testing.T) {
			namespace := drive.NewNamespace(t)
			kubeconfig := userWithout(t, namespace, resource)
			done := drive.Run(t, namespace, "smoke-noop.json", "--kubeconfig", kubeconfig)
			done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "create", resource, namespace)
		})
	}
}

// userWithout returns a kubeconfig of an account that may do all that a run needs but to create the
// resource.
func userWithout(t *testing.T, namespace, resource string) string {
	t.Helper()
	drive.Kubectl(t, "create", "serviceaccount", "limited", "-n", namespace)
	rules := `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: limited, namespace: NAMESPACE}
rules:
  - {apiGroups: ["", batch], resources: [RESOURCES], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: limited, namespace: NAMESPACE}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: limited}
subjects: [{kind: ServiceAccount, name: limited, namespace: NAMESPACE}]
`
	rest := strings.Replace("jobs, configmaps, pods, pods/log, events, serviceaccounts", resource+", ", "", 1)
	drive.Apply(t, strings.NewReplacer("NAMESPACE", namespace, "RESOURCES", rest).Replace(rules))
	return drive.KubeconfigOf(t, namespace, "limited")
}

func TestImageThatDoesNotExist(t *testing.T) {
	namespace := drive.NewNamespace(t)
	done := drive.Kfpperf(t, "run", "smoke-noop.json", "-n", namespace, "--image", "registry.invalid/kfpperf:v0")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "image", "registry.invalid/kfpperf:v0", "--image")
}

func TestQuotaRefusesThePod(t *testing.T) {
	namespace := drive.NewNamespace(t)
	drive.Kubectl(t, "create", "quota", "tight", "--hard=requests.cpu=100m,requests.memory=64Mi", "-n", namespace)
	drive.Eventually(t, drive.Soon, "the quota is in force", func() (bool, string) {
		used := drive.Kubectl(t, "get", "quota", "tight", "-n", namespace, "-o", "jsonpath={.status.hard}")
		return used != "", used
	})
	done := drive.Run(t, namespace, "smoke-noop.json")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "exceeded quota", "requests.cpu")
}

func TestPodThatCannotBeScheduled(t *testing.T) {
	drive.NeedsOwnCluster(t)
	namespace := drive.NewNamespace(t)
	node := strings.TrimSpace(drive.Kubectl(t, "get", "nodes", "-o", "name"))
	drive.Kubectl(t, "cordon", node)
	t.Cleanup(func() { drive.Kubectl(t, "uncordon", node) })
	done := drive.Run(t, namespace, "smoke-noop.json", "--start-timeout", "8s")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "unschedulable", "--start-timeout")
}

func TestPipelineThatTheServerRejects(t *testing.T) {
	file := drive.ScenarioFile(t, "rejected.json", `[
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "rejected.yaml"},
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	beside(t, file, "rejected.yaml")
	done := drive.Run(t, drive.UserNamespace, file)
	done.Expect(t, drive.ExitThreshold, "rejected.yaml")
	entries := done.Result(t).Entries
	if entries[0].Failure == "" || entries[0].Counts.NotStarted != 1 {
		t.Errorf("the refused entry: %+v", entries[0])
	}
	if entries[1].Counts.Succeeded != 1 {
		t.Errorf("the other entry did not go on: %+v", entries[1].Counts)
	}
}
