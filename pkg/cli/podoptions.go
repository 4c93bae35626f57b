package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/spf13/pflag"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// Flags of podOptions that messages name.
const (
	flagToleration = "toleration"
	flagResources  = "resources"
	flagPodPatch   = "pod-patch"
)

// podOptions shape the Job's pod.
type podOptions struct {
	imagePullSecrets []string
	nodeSelector     map[string]string
	tolerations      []string
	resources        map[string]string
	priorityClass    string
	labels           map[string]string
	annotations      map[string]string
	istio            string
	patchFile        string
}

func (o *podOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.imagePullSecrets, "image-pull-secret", nil, "Secret to pull the image with; may be repeated")
	flags.StringToStringVar(&o.nodeSelector, "node-selector", nil, "KEY=VALUE that a node must have as a label; may be repeated")
	flags.StringArrayVar(&o.tolerations, flagToleration, nil, "taint to tolerate: KEY[=VALUE][:EFFECT]; may be repeated")
	flags.StringToStringVar(&o.resources, flagResources, nil, "what the runner asks for and may use, such as cpu=500m,limits.memory=1Gi")
	flags.StringVar(&o.priorityClass, "priority-class", "", "priority class of the pod")
	flags.StringToStringVar(&o.labels, "label", nil, "KEY=VALUE to label the Job and its pod with; may be repeated")
	flags.StringToStringVar(&o.annotations, "annotation", nil, "KEY=VALUE to annotate the Job and its pod with; may be repeated")
	flags.StringVar(&o.istio, "istio", string(jobspec.IstioOff), "sidecar of Istio's: off, inject (it is asked to quit at the end) or native (Kubernetes ends it)")
	flags.StringVar(&o.patchFile, flagPodPatch, "", "file with a strategic merge patch of the pod's template (YAML or JSON: metadata, spec)")
}

// inJob reads the patch and translates the flags.
func (o *podOptions) inJob() (jobspec.Pod, error) {
	pod := jobspec.Pod{
		ImagePullSecrets: o.imagePullSecrets, NodeSelector: o.nodeSelector, PriorityClass: o.priorityClass,
		Labels: o.labels, Annotations: o.annotations, Istio: jobspec.Istio(o.istio),
	}
	if !slices.Contains([]jobspec.Istio{jobspec.IstioOff, jobspec.IstioInject, jobspec.IstioNative}, pod.Istio) {
		return pod, fmt.Errorf("--istio is %q; choose off, inject or native", o.istio)
	}
	for flag, labels := range map[string]map[string]string{"label": o.labels, "node-selector": o.nodeSelector} {
		if err := checkLabels(flag, labels); err != nil {
			return pod, err
		}
	}
	for key := range o.annotations {
		if faults := validation.IsQualifiedName(strings.ToLower(key)); len(faults) > 0 {
			return pod, fmt.Errorf("--annotation: %q is no key of an annotation: %s", key, faults[0])
		}
	}
	for _, text := range o.tolerations {
		toleration, err := parseToleration(text)
		if err != nil {
			return pod, err
		}
		pod.Tolerations = append(pod.Tolerations, toleration)
	}
	var err error
	if pod.Resources, err = parseResources(o.resources); err != nil {
		return pod, err
	}
	pod.Patch, err = o.patch()
	return pod, err
}

// checkLabels refuses what Kubernetes would, and our own labels.
func checkLabels(flag string, labels map[string]string) error {
	for key, value := range labels {
		switch faults := append(validation.IsQualifiedName(key), validation.IsValidLabelValue(value)...); {
		case len(faults) > 0:
			return fmt.Errorf("--%s: %q cannot be a label: %s", flag, key+"="+value, faults[0])
		case flag == "label" && key == jobspec.InjectLabel:
			return fmt.Errorf("--label: %s is decided by --istio", key)
		case flag == "label" && jobspec.OwnLabel(key):
			return fmt.Errorf("--label: %s is how the run is found; choose another key", key)
		}
	}
	return nil
}

// parseToleration reads KEY[=VALUE][:EFFECT], as `kubectl taint` writes taints.
func parseToleration(text string) (corev1.Toleration, error) {
	rest, effect, limited := strings.Cut(text, ":")
	key, value, equal := strings.Cut(rest, "=")
	t := corev1.Toleration{Key: key, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffect(effect)}
	if equal {
		t.Operator, t.Value = corev1.TolerationOpEqual, value
	}
	known := []corev1.TaintEffect{corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute}
	faults := append(validation.IsQualifiedName(key), validation.IsValidLabelValue(value)...)
	switch {
	case len(faults) > 0:
		return t, fmt.Errorf("--%s: %q is not KEY[=VALUE][:EFFECT]: %s", flagToleration, text, faults[0])
	case limited && !slices.Contains(known, t.Effect):
		return t, fmt.Errorf("--%s: %q has the effect %q; choose NoSchedule, PreferNoSchedule or NoExecute", flagToleration, text, effect)
	}
	return t, nil
}

// parseResources reads cpu, memory and ephemeral-storage: what is asked for, or behind requests. and limits. each
// of the two.
func parseResources(given map[string]string) (corev1.ResourceRequirements, error) {
	r := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}
	for key, text := range given {
		into, name := r.Requests, strings.TrimPrefix(key, "requests.")
		if limit, found := strings.CutPrefix(key, "limits."); found {
			into, name = r.Limits, limit
		}
		if !slices.Contains([]string{"cpu", "memory", "ephemeral-storage"}, name) {
			return r, fmt.Errorf("--%s has %q; expected cpu, memory, ephemeral-storage or one of them behind \"limits.\" or \"requests.\"", flagResources, key)
		}
		if _, given := into[corev1.ResourceName(name)]; given {
			return r, fmt.Errorf("--%s names the request of %s twice", flagResources, name)
		}
		quantity, err := resource.ParseQuantity(text)
		if err != nil || quantity.Sign() <= 0 {
			return r, fmt.Errorf("--%s: %s is %q; expected a quantity such as 500m or 256Mi", flagResources, key, text)
		}
		into[corev1.ResourceName(name)] = quantity
	}
	for name, request := range r.Requests {
		if limit, limited := r.Limits[name]; limited && request.Cmp(limit) > 0 {
			return r, fmt.Errorf("--%s asks for %s of %s, and allows %s", flagResources, request.String(), name, limit.String())
		}
	}
	return r, nil
}

// patch reads the file as JSON.
func (o *podOptions) patch() ([]byte, error) {
	if o.patchFile == "" {
		return nil, nil
	}
	content, err := os.ReadFile(o.patchFile)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flagPodPatch, err)
	}
	change, err := yaml.YAMLToJSONStrict(content)
	if err != nil {
		return nil, fmt.Errorf("--%s: %s: %w", flagPodPatch, o.patchFile, err)
	}
	return change, nil
}
