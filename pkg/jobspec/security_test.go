package jobspec

import (
	"path"
	"reflect"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// The pod security standard "restricted", field by field, and what we ask of ourselves beyond it.

func TestPodIsRestricted(t *testing.T) {
	pod := build(t, small(), everyOption()).Job.Spec.Template.Spec
	if pod.HostNetwork || pod.HostPID || pod.HostIPC || pod.HostUsers != nil {
		t.Error("the pod shares namespaces with its node")
	}
	security := pod.SecurityContext
	if security == nil {
		t.Fatal("the pod has no security context")
	}
	if security.RunAsNonRoot == nil || !*security.RunAsNonRoot {
		t.Error("runAsNonRoot is not true")
	}
	for what, id := range map[string]*int64{
		"runAsUser": security.RunAsUser, "runAsGroup": security.RunAsGroup, "fsGroup": security.FSGroup,
	} {
		if id == nil || *id == 0 {
			t.Errorf("%s is no number other than root's", what) // the kubelet cannot check a name
		}
	}
	if security.SeccompProfile == nil || security.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("seccomp profile %v", security.SeccompProfile)
	}
	if len(security.Sysctls) > 0 || security.SELinuxOptions != nil || security.AppArmorProfile != nil || security.WindowsOptions != nil {
		t.Error("the pod changes kernel settings or its confinement")
	}
	if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
		t.Error("every container gets a token for the Kubernetes API, which only the runner needs")
	}
	if len(pod.InitContainers)+len(pod.EphemeralContainers) > 0 || len(pod.Containers) != 2 {
		t.Error("there are containers that this test does not know")
	}
}

func TestContainersAreRestricted(t *testing.T) {
	for _, container := range build(t, small(), everyOption()).Job.Spec.Template.Spec.Containers {
		security := container.SecurityContext
		if security == nil {
			t.Fatalf("%s has no security context", container.Name)
		}
		if security.AllowPrivilegeEscalation == nil || *security.AllowPrivilegeEscalation {
			t.Errorf("%s: allowPrivilegeEscalation is not false", container.Name)
		}
		if security.ReadOnlyRootFilesystem == nil || !*security.ReadOnlyRootFilesystem {
			t.Errorf("%s: readOnlyRootFilesystem is not true", container.Name)
		}
		drop := &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}
		if !reflect.DeepEqual(security.Capabilities, drop) {
			t.Errorf("%s: capabilities %v, want %v", container.Name, security.Capabilities, drop)
		}
		// What the pod's own context says holds for every container that says nothing else.
		rest := *security
		rest.AllowPrivilegeEscalation, rest.ReadOnlyRootFilesystem, rest.Capabilities = nil, nil, nil
		if !reflect.DeepEqual(rest, corev1.SecurityContext{}) {
			t.Errorf("%s: its security context also has %+v", container.Name, rest)
		}
		if len(container.Ports) > 0 || container.Lifecycle != nil {
			t.Errorf("%s opens ports or has hooks", container.Name)
		}
	}
}

func TestContainersSayWhatTheyNeed(t *testing.T) {
	for _, container := range build(t, small(), minimal()).Job.Spec.Template.Spec.Containers {
		for _, resource := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			request, limit := container.Resources.Requests[resource], container.Resources.Limits[resource]
			if request.IsZero() || limit.IsZero() || request.Cmp(limit) > 0 {
				t.Errorf("%s: it requests %s of %s, its limit is %s", container.Name, request.String(), resource, limit.String())
			}
		}
	}
}

func TestVolumesAreOfAllowedKinds(t *testing.T) {
	for _, volume := range build(t, small(), minimal()).Job.Spec.Template.Spec.Volumes {
		allowed := corev1.Volume{Name: volume.Name, VolumeSource: corev1.VolumeSource{
			EmptyDir: volume.EmptyDir, Projected: volume.Projected, DownwardAPI: volume.DownwardAPI,
		}}
		if !reflect.DeepEqual(volume, allowed) {
			t.Errorf("volume %s is of another kind", volume.Name)
		}
	}
}

// TestOnlyTheRunnerKnowsTokens looks at who mounts what, at how, and at how long a token lasts.
func TestOnlyTheRunnerKnowsTokens(t *testing.T) {
	objects := build(t, small(), everyOption())
	pod := objects.Job.Spec.Template.Spec
	tokens := map[string]string{} // audience by volume
	for _, volume := range pod.Volumes {
		if volume.Projected == nil {
			continue
		}
		for _, source := range volume.Projected.Sources {
			if token := source.ServiceAccountToken; token != nil {
				tokens[volume.Name] = token.Audience
				if token.ExpirationSeconds == nil || *token.ExpirationSeconds > 7200 || token.Path != "token" {
					t.Errorf("the token of %s is %+v", volume.Name, token)
				}
			}
		}
	}
	if want := map[string]string{"kfp-token": "kfp.example.com", "kubernetes-token": ""}; !reflect.DeepEqual(tokens, want) {
		t.Errorf("tokens by audience: %v, want %v", tokens, want)
	}
	for _, container := range pod.Containers {
		mounted := map[string]string{}
		for _, mount := range container.VolumeMounts {
			if _, token := tokens[mount.Name]; token {
				mounted[mount.Name] = mount.MountPath
				if !mount.ReadOnly {
					t.Errorf("%s can write to %s", container.Name, mount.Name)
				}
			}
		}
		want := map[string]string{}
		if container.Name == handoff.RunnerContainer {
			want = map[string]string{"kfp-token": path.Dir(handoff.TokenPath), "kubernetes-token": handoff.KubernetesDir}
		}
		if !reflect.DeepEqual(mounted, want) {
			t.Errorf("%s mounts %v, want %v", container.Name, mounted, want)
		}
	}
}

// TestTheRunnerFindsKubernetes looks for what a client of Kubernetes reads in a pod.
func TestTheRunnerFindsKubernetes(t *testing.T) {
	found := map[string]string{}
	for _, source := range volume(t, build(t, small(), minimal()), "kubernetes-token").Projected.Sources {
		switch {
		case source.ServiceAccountToken != nil:
			found[source.ServiceAccountToken.Path] = "a token"
		case source.ConfigMap != nil:
			for _, item := range source.ConfigMap.Items {
				found[item.Path] = source.ConfigMap.Name + " " + item.Key
			}
			if source.ConfigMap.Optional == nil || !*source.ConfigMap.Optional {
				t.Error("a cluster that has no kube-root-ca.crt in the namespace cannot start the pod")
			}
		case source.DownwardAPI != nil:
			for _, item := range source.DownwardAPI.Items {
				found[item.Path] = item.FieldRef.FieldPath
			}
		}
	}
	want := map[string]string{"token": "a token", "ca.crt": "kube-root-ca.crt ca.crt", "namespace": "metadata.namespace"}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("it finds %v, want %v", found, want)
	}
}
