package jobspec

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func template(t *testing.T, p Pod) corev1.PodTemplateSpec {
	t.Helper()
	o := minimal()
	o.Pod = p
	return build(t, small(), o).Job.Spec.Template
}

func TestAPatchIsTheLastWord(t *testing.T) {
	patched := template(t, Pod{NodeSelector: map[string]string{"pool": "load"}, Patch: []byte(`{
		"metadata": {"labels": {"team": "ml"}},
		"spec": {"nodeSelector": {"pool": null, "zone": "a"}, "containers": [
			{"name": "runner", "env": [{"name": "HTTPS_PROXY", "value": "http://proxy"}]},
			{"name": "beside", "image": "example.com/beside:1"}]}}`)})
	if patched.Labels["team"] != "ml" || patched.Labels[RunLabel] != "small-abc234" {
		t.Errorf("labels %v", patched.Labels)
	}
	if want := map[string]string{"zone": "a"}; !reflect.DeepEqual(patched.Spec.NodeSelector, want) {
		t.Errorf("node selector %v", patched.Spec.NodeSelector)
	}
	names := map[string]int{}
	for _, container := range patched.Spec.Containers {
		names[container.Name] = len(container.Env)
	}
	plain := template(t, Pod{}).Spec.Containers
	if want := map[string]int{"runner": len(plain[0].Env) + 1, "results": len(plain[1].Env), "beside": 0}; !reflect.DeepEqual(names, want) {
		t.Errorf("variables by container: %v, want %v", names, want)
	}
}

func TestAPatchThatWouldLoseTheRunIsRefused(t *testing.T) {
	for change, says := range map[string]string{
		`{"metadata": {"labels": {"kfpperf.io/run": "other"}}}`:                                                               "label kfpperf.io/run",
		`{"metadata": {"labels": {"app.kubernetes.io/managed-by": null}}}`:                                                    "label app.kubernetes.io/managed-by",
		`{"spec": {"containers": [{"name": "results", "$patch": "delete"}]}}`:                                                 "removes the container results",
		`{"spec": {"containers": [{"name": "runner", "volumeMounts": [{"mountPath": "/kfpperf/out", "$patch": "delete"}]}]}}`: "volume out",
		`{"spec": {"pods": []}}`:       "pods",
		`{"spec": {"containers": 17}}`: "does not fit",
		`[]`:                           "does not fit",
	} {
		o := minimal()
		o.Pod.Patch = []byte(change)
		_, err := Build(small(), o)
		var fault *PatchError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", change, err)
		}
	}
}

func TestRequestsAndLimitsFollowEachOther(t *testing.T) {
	quantity := resource.MustParse
	for name, test := range map[string]struct {
		wanted         corev1.ResourceRequirements
		request, limit string
	}{
		"nothing":           {corev1.ResourceRequirements{}, "250m", "1"},
		"less":              {corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": quantity("100m")}}, "100m", "1"},
		"more than allowed": {corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": quantity("2")}}, "2", "2"},
		"less allowed":      {corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": quantity("50m")}}, "50m", "50m"},
		"both":              {corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": quantity("1")}, Limits: corev1.ResourceList{"cpu": quantity("3")}}, "1", "3"},
	} {
		containers := template(t, Pod{Resources: test.wanted}).Spec.Containers
		got := containers[0].Resources
		if got.Requests.Cpu().Cmp(quantity(test.request)) != 0 || got.Limits.Cpu().Cmp(quantity(test.limit)) != 0 {
			t.Errorf("%s: requests %s, limit %s", name, got.Requests.Cpu(), got.Limits.Cpu())
		}
		if !reflect.DeepEqual(containers[1], template(t, Pod{}).Spec.Containers[1]) {
			t.Errorf("%s: the results container changed, too", name)
		}
	}
}

func TestIstioIsKeptOutUnlessAskedFor(t *testing.T) {
	for mode, want := range map[Istio]struct {
		label        string
		holds, quits bool
		native       string
	}{
		"": {label: "false"}, IstioOff: {label: "false"},
		IstioInject: {"true", true, true, ""}, IstioNative: {"true", true, false, "true"},
	} {
		made := template(t, Pod{Istio: mode})
		results := made.Spec.Containers[1]
		_, annotated := made.Annotations[InjectLabel]
		if made.Labels[InjectLabel] != want.label || annotated {
			t.Errorf("%q: label %q, annotation %v", mode, made.Labels[InjectLabel], annotated)
		}
		if holds := strings.Contains(made.Annotations["proxy.istio.io/config"], "holdApplicationUntilProxyStarts: true"); holds != want.holds {
			t.Errorf("%q: waits for the proxy: %v", mode, holds)
		}
		if native := made.Annotations["sidecar.istio.io/nativeSidecar"]; native != want.native {
			t.Errorf("%q: native %q", mode, native)
		}
		if quits := strings.Contains(strings.Join(results.Args, " "), "--quit-sidecar"); quits != want.quits || results.Name != handoff.ResultsContainer {
			t.Errorf("%q: %s quits the sidecar: %v", mode, results.Name, quits)
		}
	}
}

func TestWithoutAuthThereIsNoToken(t *testing.T) {
	o := minimal()
	o.KFP.Auth, o.KFP.User, o.KFP.UserHeader = handoff.AuthNone, "jane@example.com", "x-user"
	pod := build(t, small(), o).Job.Spec.Template.Spec
	for _, volume := range pod.Volumes {
		if volume.Name == tokenVolume {
			t.Error("the pod has a token for KFP")
		}
	}
	for _, mount := range pod.Containers[0].VolumeMounts {
		if mount.Name == tokenVolume {
			t.Error("the runner mounts a token for KFP")
		}
	}
	args := strings.Join(pod.Containers[0].Args, " ")
	if !strings.Contains(args, "--auth=none --kfp-user=jane@example.com --kfp-user-header=x-user") {
		t.Errorf("arguments %s", args)
	}
}

func TestAudienceReachesTheToken(t *testing.T) {
	o := minimal()
	o.KFP.Audience = "kfp.example.com"
	token := volume(t, build(t, small(), o), tokenVolume).Projected.Sources[0].ServiceAccountToken
	if token.Audience != "kfp.example.com" {
		t.Errorf("token %+v", token)
	}
}

func TestAProbeIsTheSamePodWithoutALoad(t *testing.T) {
	o := minimal()
	run := build(t, small(), o).Job
	o.Verb = VerbProbe
	probe := build(t, small(), o).Job
	if args := probe.Spec.Template.Spec.Containers[0].Args; args[1] != "probe" {
		t.Errorf("arguments %q", args)
	}
	probe.Spec.Template.Spec.Containers[0].Args[1] = "run"
	if !reflect.DeepEqual(run, probe) {
		t.Error("the pod of a probe differs by more")
	}
	o.Verb, o.VerbArgs = VerbClean, []string{"--dry-run"}
	clean := build(t, small(), o).Job.Spec.Template.Spec.Containers[0].Args
	if clean[1] != "clean" || clean[len(clean)-1] != "--dry-run" {
		t.Errorf("arguments %q", clean)
	}
}
