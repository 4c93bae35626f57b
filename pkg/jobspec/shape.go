package jobspec

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// PatchError says that Pod.Patch cannot be applied.
type PatchError struct{ err error }

func (e *PatchError) Error() string {
	return "the patch of the pod cannot be applied: " + e.err.Error()
}

// Unwrap returns why.
func (e *PatchError) Unwrap() error { return e.err }

// InjectLabel is what Istio's webhook looks at; it reads no annotation of that name.
const InjectLabel = "sidecar.istio.io/inject"

// shape fits the pod's template to where it will run. Its errors are faults of the patch.
func shape(template *corev1.PodTemplateSpec, p Pod) error {
	maps.Copy(template.Labels, p.Labels)
	maps.Copy(template.Annotations, p.Annotations)
	mesh(template, p.Istio)
	pod := &template.Spec
	for _, secret := range p.ImagePullSecrets {
		pod.ImagePullSecrets = append(pod.ImagePullSecrets, corev1.LocalObjectReference{Name: secret})
	}
	pod.NodeSelector, pod.Tolerations, pod.PriorityClassName = p.NodeSelector, p.Tolerations, p.PriorityClass
	for i := range pod.Containers {
		if pod.Containers[i].Name == handoff.RunnerContainer {
			resize(&pod.Containers[i].Resources, p.Resources)
		}
	}
	if len(p.Patch) == 0 {
		return nil
	}
	return patch(template, p.Patch)
}

// mesh has the pod take part in Istio's, or not.
func mesh(template *corev1.PodTemplateSpec, istio Istio) {
	if istio != IstioInject && istio != IstioNative {
		return
	}
	template.Labels[InjectLabel] = "true"
	// The runner's first call would otherwise meet a proxy that is not there yet.
	template.Annotations["proxy.istio.io/config"] = "holdApplicationUntilProxyStarts: true"
	if istio == IstioNative {
		template.Annotations["sidecar.istio.io/nativeSidecar"] = "true"
		return
	}
	for i := range template.Spec.Containers {
		if container := &template.Spec.Containers[i]; container.Name == handoff.ResultsContainer {
			container.Args = append(container.Args, "--quit-sidecar")
		}
	}
}

// resize replaces single resources. What is requested is never more than what is allowed: the one that was not
// chosen follows the other.
func resize(have *corev1.ResourceRequirements, want corev1.ResourceRequirements) {
	for name, request := range want.Requests {
		have.Requests[name] = request
		if limit, limited := have.Limits[name]; limited && limit.Cmp(request) < 0 {
			have.Limits[name] = request
		}
	}
	for name, limit := range want.Limits {
		have.Limits[name] = limit
		if request := have.Requests[name]; request.Cmp(limit) > 0 {
			have.Requests[name] = limit
		}
	}
}

// patch changes the template as its author wants, as long as the run can still be found and its result brought
// home.
func patch(template *corev1.PodTemplateSpec, change []byte) error {
	before, err := json.Marshal(template)
	if err != nil {
		return fmt.Errorf("writing the pod's template: %w", err)
	}
	after, err := strategicpatch.StrategicMergePatch(before, change, corev1.PodTemplateSpec{})
	if err != nil {
		return fmt.Errorf("it does not fit a pod's template: %w", err)
	}
	var patched corev1.PodTemplateSpec
	if err := yaml.UnmarshalStrict(after, &patched); err != nil {
		return fmt.Errorf("it does not fit a pod's template: %w", err)
	}
	if err := stillOurs(template, &patched); err != nil {
		return err
	}
	*template = patched
	return nil
}

// stillOurs refuses what would lose the run: other labels of ours, containers or volumes that are gone.
func stillOurs(before, after *corev1.PodTemplateSpec) error {
	for _, label := range ownLabels() {
		if after.Labels[label] != before.Labels[label] {
			return fmt.Errorf("it changes the label %s, by which the run is found", label)
		}
	}
	for _, old := range before.Spec.Containers {
		at := slices.IndexFunc(after.Spec.Containers, func(c corev1.Container) bool { return c.Name == old.Name })
		if at < 0 {
			return fmt.Errorf("it removes the container %s", old.Name)
		}
		for _, mount := range old.VolumeMounts {
			if !slices.ContainsFunc(after.Spec.Containers[at].VolumeMounts, func(m corev1.VolumeMount) bool { return reflect.DeepEqual(m, mount) }) {
				return fmt.Errorf("it takes the volume %s away from the container %s, or mounts it elsewhere", mount.Name, old.Name)
			}
		}
	}
	return nil
}
