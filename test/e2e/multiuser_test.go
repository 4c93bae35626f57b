//go:build e2e && multiuser

package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

func TestMultiUserRunsAsTheProfilesAccount(t *testing.T) {
	done := drive.Run(t, drive.UserNamespace, "smoke-noop.json", "--keep", "all")
	done.Expect(t, drive.ExitDone, "multi-user")
	document := done.Result(t)
	if !document.Server.MultiUser || document.Server.Namespace != drive.UserNamespace {
		t.Errorf("server %+v", document.Server)
	}
	if served := kfpGet(t, "/apis/v2beta1/runs/"+document.Entries[0].Runs[0].ID); !strings.Contains(served, `"SUCCEEDED"`) {
		t.Errorf("the server's run is %s", served)
	}
}

func TestAccountWithoutRightsInMultiUserMode(t *testing.T) {
	namespace := drive.NewNamespace(t)
	done := drive.Run(t, namespace, "smoke-noop.json")
	done.ExpectCleanFailure(t, namespace, drive.ExitNoStart, "may not use KFP in namespace "+namespace, "--service-account")
}

// TestV2RunsInUsersNamespaces has the pods of runs where those of a multi-user KFP are, under restricted pod
// security, in two namespaces at once.
func TestV2RunsInUsersNamespaces(t *testing.T) {
	drive.NeedsOwnCluster(t) // another need not have two profiles
	namespaces := []string{drive.UserNamespace, drive.SecondNamespace}
	var calls []*drive.Call
	for _, namespace := range namespaces {
		calls = append(calls, drive.Start(t, "run", "smoke.json", "-n", namespace, "--disable-cache", "--image", drive.Image(t), "--keep", "all"))
	}
	for i, namespace := range namespaces {
		done := drive.Finish(t, calls[i])
		done.Expect(t, drive.ExitDone, "multi-user", "2/2")
		enforced := drive.Kubectl(t, "get", "namespace", namespace, "-o", `jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`)
		if enforced != "restricted" {
			t.Errorf("%s enforces %q", namespace, enforced)
		}
		id := done.Result(t).Entries[0].Runs[0].ID
		if pods := drive.Kubectl(t, "get", "pods", "-n", namespace, "-l", "pipeline/runid="+id, "-o", "name"); len(strings.Fields(pods)) != 3 {
			t.Errorf("pods of the run in %s: %s", namespace, pods)
		}
	}
}

// kfpGet asks KFP's server as the editor of the suite's profile.
func kfpGet(t *testing.T, path string) string {
	t.Helper()
	return kfpGetAs(t, "system:serviceaccount:"+drive.UserNamespace+":default-editor", path)
}

// kfpGetAs asks KFP's server as a user, without the product's client. It takes whoever it is told for the user,
// as it does behind Kubeflow's gateway, which tells it.
func kfpGetAs(t *testing.T, user, path string) string {
	t.Helper()
	url, stop := drive.Proxied(t)
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
