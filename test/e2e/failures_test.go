//go:build e2e && !multiuser

package e2e

import (
	"strings"
	"testing"
)

func TestClosedPort(t *testing.T) {
	namespace := newNamespace(t)
	// The API server's own Service has a real address, and nothing listens on this port of its node.
	address := kubectl(t, "get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}")
	done := run(t, namespace, "smoke-noop.json", "--kfp-url", "http://"+address+":9")
	done.expectCleanFailure(t, namespace, exitNoStart, "cannot be reached", "connection refused", "--kfp-url")
}

func TestServiceWithoutEndpoints(t *testing.T) {
	namespace := newNamespace(t)
	kubectl(t, "create", "service", "clusterip", "nobody", "--tcp=8888", "-n", namespace)
	done := run(t, namespace, "smoke-noop.json", "--kfp-url", "http://nobody."+namespace+".svc:8888")
	done.expectCleanFailure(t, namespace, exitNoStart, "cannot be reached", "connection refused", "endpoints")
}

func TestNameThatDoesNotResolve(t *testing.T) {
	namespace := newNamespace(t)
	done := run(t, namespace, "smoke-noop.json", "--kfp-url", "http://nowhere."+namespace+".svc:8888")
	done.expectCleanFailure(t, namespace, exitNoStart, "cannot be reached", "lookup nowhere", "--kfp-url")
}

func TestWrongNamespace(t *testing.T) {
	done := run(t, "kfpperf-e2e-absent", "smoke-noop.json")
	done.expect(t, exitNoStart, "kfpperf-e2e-absent", "not found", "-n")
}

func TestNoRightToCreate(t *testing.T) {
	for _, resource := range []string{"jobs", "configmaps"} {
		t.Run(resource, func(t *testing.T) {
			namespace := newNamespace(t)
			kubeconfig := userWithout(t, namespace, resource)
			done := run(t, namespace, "smoke-noop.json", "--kubeconfig", kubeconfig)
			done.expectCleanFailure(t, namespace, exitNoStart, "create", resource, namespace)
		})
	}
}

// userWithout returns a kubeconfig of an account that may do all that a run needs but to create the
// resource.
func userWithout(t *testing.T, namespace, resource string) string {
	t.Helper()
	kubectl(t, "create", "serviceaccount", "limited", "-n", namespace)
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
	apply(t, strings.NewReplacer("NAMESPACE", namespace, "RESOURCES", rest).Replace(rules))
	return kubeconfigOf(t, namespace, "limited")
}

func TestImageThatDoesNotExist(t *testing.T) {
	namespace := newNamespace(t)
	done := kfpperf(t, "run", "smoke-noop.json", "-n", namespace, "--image", "registry.invalid/kfpperf:v0")
	done.expectCleanFailure(t, namespace, exitNoStart, "image", "registry.invalid/kfpperf:v0", "--image")
}

func TestQuotaRefusesThePod(t *testing.T) {
	namespace := newNamespace(t)
	kubectl(t, "create", "quota", "tight", "--hard=requests.cpu=100m,requests.memory=64Mi", "-n", namespace)
	eventually(t, soon, "the quota is in force", func() (bool, string) {
		used := kubectl(t, "get", "quota", "tight", "-n", namespace, "-o", "jsonpath={.status.hard}")
		return used != "", used
	})
	done := run(t, namespace, "smoke-noop.json")
	done.expectCleanFailure(t, namespace, exitNoStart, "exceeded quota", "requests.cpu")
}

func TestPodThatCannotBeScheduled(t *testing.T) {
	needsOwnCluster(t)
	namespace := newNamespace(t)
	node := strings.TrimSpace(kubectl(t, "get", "nodes", "-o", "name"))
	kubectl(t, "cordon", node)
	t.Cleanup(func() { kubectl(t, "uncordon", node) })
	done := run(t, namespace, "smoke-noop.json", "--start-timeout", "8s")
	done.expectCleanFailure(t, namespace, exitNoStart, "unschedulable", "--start-timeout")
}

func TestPipelineThatTheServerRejects(t *testing.T) {
	file := scenarioFile(t, "rejected.json", `[
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "rejected.yaml"},
		{"mode": "PIPELINE_RUN", "runTime": 1, "pipelineFileName": "noop.yaml"}]`)
	beside(t, file, "rejected.yaml")
	done := run(t, userNamespace, file)
	done.expect(t, exitThreshold, "rejected.yaml")
	entries := done.result(t).Entries
	if entries[0].Failure == "" || entries[0].Counts.NotStarted != 1 {
		t.Errorf("the refused entry: %+v", entries[0])
	}
	if entries[1].Counts.Succeeded != 1 {
		t.Errorf("the other entry did not go on: %+v", entries[1].Counts)
	}
}
