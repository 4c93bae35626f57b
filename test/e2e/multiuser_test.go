//go:build e2e

package e2e

import (
	"testing"
	"time"
)

func TestMultiUserRunsAsTheProfilesAccount(t *testing.T) {
	needsOwnCluster(t)
	serveMultiUser(t)
	done := run(t, userNamespace, "smoke-noop.json")
	done.expect(t, exitDone, "multi-user")
	document := done.result(t)
	if !document.Server.MultiUser || document.Server.Namespace != userNamespace {
		t.Errorf("server %+v", document.Server)
	}
}

func TestAccountWithoutRightsInMultiUserMode(t *testing.T) {
	needsOwnCluster(t)
	serveMultiUser(t)
	namespace := newNamespace(t)
	done := run(t, namespace, "smoke-noop.json")
	done.expectCleanFailure(t, namespace, exitNoStart, "may not use KFP in namespace "+namespace, "403", "--service-account")
}

// serveMultiUser switches KFP's server to multi-user mode until the test ends.
func serveMultiUser(t *testing.T) {
	t.Helper()
	set := func(env ...string) {
		kubectl(t, append([]string{"set", "env", "deployment/ml-pipeline", "-n", kfpNamespace}, env...)...)
		kubectl(t, "rollout", "status", "deployment/ml-pipeline", "-n", kfpNamespace, "--timeout=3m")
		time.Sleep(2 * time.Second) // kube-proxy learns of the new endpoint after the rollout is complete
	}
	t.Cleanup(func() {
		set("MULTIUSER-", "KUBEFLOW_USERID_HEADER-", "KUBEFLOW_USERID_PREFIX-", "DEFAULTPIPELINERUNNERSERVICEACCOUNT-")
	})
	set("MULTIUSER=true", "KUBEFLOW_USERID_HEADER=kubeflow-userid", "KUBEFLOW_USERID_PREFIX=",
		"DEFAULTPIPELINERUNNERSERVICEACCOUNT=default-editor")
}
