package cluster

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/resource"
)

// observerManifests is what `kubectl apply -k manifests/observer` would send, by way of kubectl's own code.
func observerManifests(t *testing.T) (rules map[string][]rbacv1.PolicyRule, bound map[string]rbacv1.RoleRef) {
	t.Helper()
	infos, err := resource.NewLocalBuilder().Unstructured().
		FilenameParam(false, &resource.FilenameOptions{Kustomize: "../../manifests/observer"}).Flatten().Do().Infos()
	if err != nil {
		t.Fatal(err)
	}
	rules, bound = map[string][]rbacv1.PolicyRule{}, map[string]rbacv1.RoleRef{}
	for _, info := range infos {
		object := info.Object.(*unstructured.Unstructured)
		strictly := func(into any) {
			if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, into, true); err != nil {
				t.Fatalf("%s %s: %v", object.GetKind(), object.GetName(), err)
			}
		}
		var subjects []rbacv1.Subject
		switch object.GetKind() {
		case "Role":
			var role rbacv1.Role
			strictly(&role)
			rules[role.Namespace] = role.Rules
		case "ClusterRole":
			var role rbacv1.ClusterRole
			strictly(&role)
			rules[""] = role.Rules
		case "RoleBinding":
			var binding rbacv1.RoleBinding
			strictly(&binding)
			bound[binding.Namespace], subjects = binding.RoleRef, binding.Subjects
		case "ClusterRoleBinding":
			var binding rbacv1.ClusterRoleBinding
			strictly(&binding)
			bound[""], subjects = binding.RoleRef, binding.Subjects
		default:
			t.Errorf("a %s is not of this test's knowledge", object.GetKind())
		}
		for _, subject := range subjects {
			if subject != (rbacv1.Subject{Kind: "ServiceAccount", Name: "default", Namespace: "kubeflow-user"}) {
				t.Errorf("%s %s is for %+v", object.GetKind(), object.GetName(), subject)
			}
		}
	}
	return rules, bound
}

// TestObserverMayDoWhatItDoesAndNothingElse compares the manifests with what an observer asks for at the wire.
func TestObserverMayDoWhatItDoesAndNothingElse(t *testing.T) {
	rules, bound := observerManifests(t)
	var granted []string
	for namespace, of := range rules {
		if ref := bound[namespace]; ref.Name != "kfpperf-observer" || (ref.Kind == "ClusterRole") != (namespace == "") {
			t.Errorf("in namespace %q, %+v is bound", namespace, ref)
		}
		for _, rule := range of {
			for _, group := range rule.APIGroups {
				for _, name := range rule.Resources {
					for _, verb := range rule.Verbs {
						granted = append(granted, strings.Join([]string{verb, name, group, namespace}, " "))
					}
				}
			}
		}
	}
	if len(bound) != len(rules) {
		t.Errorf("%d roles, %d bindings", len(rules), len(bound))
	}

	a, o := newObserved(t)
	o.PodNamespace = "kubeflow-user"
	serve := a.Config.Handler
	var used []string
	a.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		if asked := rightOf(r); asked != "" {
			used = append(used, asked)
		}
		a.mu.Unlock()
		serve.ServeHTTP(w, r)
	})
	a.answers["/api/v1/namespaces/kubeflow-user/pods/load-1"] = a.answers[pathOwnPod]
	if _, gaps := o.Pods(t.Context()); len(gaps) != 0 {
		t.Errorf("gaps %+v", gaps)
	}
	if _, gaps := o.Describe(t.Context()); len(gaps) != 0 {
		t.Errorf("gaps %+v", gaps)
	}
	slices.Sort(granted)
	slices.Sort(used)
	if !slices.Equal(granted, used) {
		t.Errorf("granted\n%s\nused\n%s", strings.Join(granted, "\n"), strings.Join(used, "\n"))
	}
}

// rightOf returns the right that a request takes, as verb, resource, group and namespace; nothing for what
// everybody may ask.
func rightOf(r *http.Request) string {
	group, namespace := "", ""
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch parts[0] {
	case "version":
		return ""
	case "apis":
		group, parts = parts[1], parts[3:]
	default:
		parts = parts[2:]
	}
	if parts[0] == "namespaces" {
		namespace, parts = parts[1], parts[2:]
	}
	verb := "list"
	switch {
	case r.Method != http.MethodGet:
		verb = r.Method
	case r.URL.Query().Has("watch"):
		verb = "watch"
	case len(parts) > 1:
		verb = "get"
	}
	return strings.Join([]string{verb, parts[0], group, namespace}, " ")
}
