//go:build e2e && multiuser

package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestMultiUserRunsAsTheProfilesAccount(t *testing.T) {
	done := run(t, userNamespace, "smoke-noop.json", "--keep", "all")
	done.expect(t, exitDone, "multi-user")
	document := done.result(t)
	if !document.Server.MultiUser || document.Server.Namespace != userNamespace {
		t.Errorf("server %+v", document.Server)
	}
	if served := kfpGet(t, "/apis/v2beta1/runs/"+document.Entries[0].Runs[0].ID); !strings.Contains(served, `"SUCCEEDED"`) {
		t.Errorf("the server's run is %s", served)
	}
}

func TestAccountWithoutRightsInMultiUserMode(t *testing.T) {
	namespace := newNamespace(t)
	done := run(t, namespace, "smoke-noop.json")
	done.expectCleanFailure(t, namespace, exitNoStart, "may not use KFP in namespace "+namespace, "--service-account")
}

// TestV2RunsInUsersNamespaces has the pods of runs where those of a multi-user KFP are, under restricted pod
// security, in two namespaces at once.
func TestV2RunsInUsersNamespaces(t *testing.T) {
	needsOwnCluster(t) // another need not have two profiles
	namespaces := []string{userNamespace, secondNamespace}
	var calls []*call
	for _, namespace := range namespaces {
		calls = append(calls, start(t, "run", "smoke.json", "-n", namespace, "--disable-cache", "--image", image(t), "--keep", "all"))
	}
	for i, namespace := range namespaces {
		done := finish(t, calls[i])
		done.expect(t, exitDone, "multi-user", "2/2")
		enforced := kubectl(t, "get", "namespace", namespace, "-o", `jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`)
		if enforced != "restricted" {
			t.Errorf("%s enforces %q", namespace, enforced)
		}
		id := done.result(t).Entries[0].Runs[0].ID
		if pods := kubectl(t, "get", "pods", "-n", namespace, "-l", "pipeline/runid="+id, "-o", "name"); len(strings.Fields(pods)) != 3 {
			t.Errorf("pods of the run in %s: %s", namespace, pods)
		}
	}
}

// kfpGet asks KFP's server as the editor of the suite's profile.
func kfpGet(t *testing.T, path string) string {
	t.Helper()
	return kfpGetAs(t, "system:serviceaccount:"+userNamespace+":default-editor", path)
}

// kfpGetAs asks KFP's server as a user, without the product's client. It takes whoever it is told for the user,
// as it does behind Kubeflow's gateway, which tells it.
func kfpGetAs(t *testing.T, user, path string) string {
	t.Helper()
	url, stop := proxied(t)
	defer stop()
	request, err := http.NewRequest(http.MethodGet, url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("kubeflow-userid", user)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s as %s: %s, %v: %s", path, user, response.Status, err, body)
	}
	return string(body)
}
