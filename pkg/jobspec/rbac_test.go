package jobspec

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/cli-runtime/pkg/resource"
	sigsyaml "sigs.k8s.io/yaml"
)

// kustomized returns what `kubectl apply -k` would send, by kind and name.
func kustomized(t *testing.T, folder string) map[string]string {
	t.Helper()
	infos, err := resource.NewLocalBuilder().Unstructured().
		FilenameParam(false, &resource.FilenameOptions{Kustomize: folder}).Flatten().Do().Infos()
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]string{}
	for _, info := range infos {
		object := info.Object.(*unstructured.Unstructured)
		objects[object.GetKind()+" "+object.GetName()] = yamlOf(t, object.Object)
	}
	return objects
}

// yamlOf is an object with all its numbers written alike.
func yamlOf(t *testing.T, object any) string {
	t.Helper()
	content, err := sigsyaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// granted returns what RBAC prints, by kind and name.
func granted(t *testing.T, g Grant) map[string]string {
	t.Helper()
	content, err := RBAC(g)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]string{}
	for decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096); ; {
		var object unstructured.Unstructured
		err := decoder.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatal(err)
		}
		objects[object.GetKind()+" "+object.GetName()] = yamlOf(t, object.Object)
	}
}

func TestRBACPrintsWhatKubectlApplies(t *testing.T) {
	for kustomization, grant := range map[string]Grant{
		"multi-user":  {Namespace: "kubeflow-user"},
		"single-user": {Namespace: "kubeflow", SingleUser: true},
	} {
		want, got := kustomized(t, folder+"/"+kustomization), granted(t, grant)
		if len(want) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: printed\n%v\napplied\n%v", kustomization, got, want)
		}
	}
	policy := kustomized(t, folder+"/network-policy")
	got := granted(t, Grant{Namespace: "kubeflow-user", NetworkPolicy: true, KFPNamespace: "kubeflow"})
	if want := "NetworkPolicy kfpperf"; policy[want] == "" || got[want] != policy[want] {
		t.Errorf("printed %v, applied %v", got[want], policy[want])
	}
}

func TestRBACExplainsEachRule(t *testing.T) {
	content, err := RBAC(Grant{Namespace: "team-a"})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(content), "\n")
	for i, line := range lines {
		if strings.Contains(line, "- apiGroups:") && !strings.Contains(lines[i-1], "#") {
			t.Errorf("line %d has a rule without a reason:\n%s", i+1, line)
		}
	}
	if strings.Contains(string(content), "kubeflow-user\n") {
		t.Error("it names another namespace than its own")
	}
}

func TestRBACIsForWhoIsNamed(t *testing.T) {
	for _, test := range []struct {
		grant Grant
		want  rbacv1.Subject
	}{
		{Grant{Namespace: "team-a", Kind: "User", Name: "null"}, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: "User", Name: "null"}},
		{Grant{Namespace: "team-a", Kind: "Group", Name: "ml: platform"}, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: "Group", Name: "ml: platform"}},
		{Grant{Namespace: "team-a", Kind: "ServiceAccount", Name: "ci", SubjectNamespace: "build"}, rbacv1.Subject{Kind: "ServiceAccount", Name: "ci", Namespace: "build"}},
	} {
		var binding, runner rbacv1.RoleBinding
		convert(t, granted(t, test.grant)["RoleBinding kfpperf-launcher"], &binding)
		if !slices.Equal(binding.Subjects, []rbacv1.Subject{test.want}) || binding.Namespace != "team-a" {
			t.Errorf("in %s for %+v, want %+v", binding.Namespace, binding.Subjects, test.want)
		}
		convert(t, granted(t, test.grant)["RoleBinding kfpperf-runner"], &runner)
		if !slices.Equal(runner.Subjects, []rbacv1.Subject{{Kind: "ServiceAccount", Name: "kfpperf", Namespace: "team-a"}}) {
			t.Errorf("the account is %+v", runner.Subjects)
		}
	}
}

func TestNetworkPolicyReachesKFPWhereItIs(t *testing.T) {
	var policy networkingv1.NetworkPolicy
	convert(t, granted(t, Grant{Namespace: "a", NetworkPolicy: true, KFPNamespace: "pipelines"})["NetworkPolicy kfpperf"], &policy)
	var reached []string
	for _, rule := range policy.Spec.Egress {
		for _, peer := range rule.To {
			reached = append(reached, peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"])
		}
	}
	if !slices.Equal(reached, []string{"kube-system", "pipelines"}) {
		t.Errorf("it reaches %q", reached)
	}
	for label, value := range policy.Spec.PodSelector.MatchLabels {
		if template(t, Pod{}).Labels[label] != value {
			t.Errorf("it selects %s=%s, which the pod of a run has not", label, value)
		}
	}
}

// convert reads an object strictly as its kind.
func convert(t *testing.T, object string, into any) {
	t.Helper()
	if err := sigsyaml.UnmarshalStrict([]byte(object), into); err != nil {
		t.Fatal(err)
	}
}
