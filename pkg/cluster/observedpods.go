package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// notLoad selects pods that are neither of a run of KFP's, of which a single-user KFP has thousands beside
// itself, nor ours.
const notLoad = "!workflows.argoproj.io/workflow,!" + jobspec.RunLabel

// Pods returns KFP's own pods that run now, with what they use. It makes two calls, both of which the API
// server answers from memory.
func (o *Observer) Pods(ctx context.Context) ([]usage.Pod, []result.Gap) {
	list, gaps := ask(ctx, o, usage.WhatPods, "list pods in namespace "+o.KFPNamespace, func(ctx context.Context) (*corev1.PodList, error) {
		return o.core.CoreV1().Pods(o.KFPNamespace).List(ctx, metav1.ListOptions{
			LabelSelector:   notLoad,
			FieldSelector:   fields.OneTermEqualSelector("status.phase", string(corev1.PodRunning)).String(),
			ResourceVersion: "0",
		})
	})
	if gaps != nil {
		return nil, gaps
	}
	if len(list.Items) == 0 {
		return nil, []result.Gap{{
			What: usage.WhatPods,
			Why:  fmt.Sprintf("no pod runs in namespace %s; say with --kfp-namespace where KFP is", o.KFPNamespace),
		}}
	}
	figures, gaps := o.figures(ctx)
	pods := make([]usage.Pod, len(list.Items))
	for i := range list.Items {
		pod := &list.Items[i]
		pods[i] = usage.Pod{
			ID: string(pod.UID), Component: componentOf(pod), Restarts: restartsOf(pod),
			CPULimitMilli:    limitOf(pod, corev1.ResourceCPU),
			MemoryLimitBytes: limitOf(pod, corev1.ResourceMemory),
			Figures:          figures[pod.Name],
		}
	}
	return pods, gaps
}

// figures returns what the pods use, by name.
func (o *Observer) figures(ctx context.Context) (map[string]*usage.Figures, []result.Gap) {
	do := "list pods of metrics.k8s.io in namespace " + o.KFPNamespace
	list, gaps := ask(ctx, o, usage.WhatFigures, do, func(ctx context.Context) (*v1beta1.PodMetricsList, error) {
		list, err := o.measured.MetricsV1beta1().PodMetricses(o.KFPNamespace).List(ctx, metav1.ListOptions{LabelSelector: notLoad})
		switch {
		case apierrors.IsNotFound(err):
			return nil, fmt.Errorf("metrics.k8s.io is not registered, so install metrics-server: %w", err)
		case apierrors.IsServiceUnavailable(err):
			return nil, fmt.Errorf("metrics.k8s.io is registered but not available, see `kubectl describe apiservice v1beta1.metrics.k8s.io`: %w", err)
		}
		return list, err
	})
	if gaps != nil {
		return nil, gaps
	}
	figures := map[string]*usage.Figures{}
	for _, pod := range list.Items {
		f := &usage.Figures{Taken: pod.Timestamp.Time}
		for _, container := range pod.Containers {
			f.CPUMilli += container.Usage.Cpu().MilliValue()
			f.MemoryBytes += container.Usage.Memory().Value()
		}
		figures[pod.Name] = f
	}
	return figures, nil
}

// componentOf returns what a pod is. KFP labels most of its own "app", and other parts of Kubeflow say it in
// other ways.
func componentOf(pod *corev1.Pod) string {
	for _, label := range []string{"app", "app.kubernetes.io/name", "component", "app.kubernetes.io/component"} {
		if name := pod.Labels[label]; name != "" {
			return name
		}
	}
	if owner := metav1.GetControllerOfNoCopy(pod); owner != nil {
		// A Deployment's pods are owned by a ReplicaSet, which is named after it and after its template.
		return strings.TrimSuffix(owner.Name, "-"+pod.Labels["pod-template-hash"])
	}
	return pod.Name
}

// restartsOf counts those of all containers. Sidecars are among the init containers.
func restartsOf(pod *corev1.Pod) int {
	restarts := 0
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		restarts += int(status.RestartCount)
	}
	return restarts
}

// limitOf returns the limit of a pod, in thousandths of a processor or in bytes: its own, else the sum of its
// containers', sidecars among them; nil when one has none.
func limitOf(pod *corev1.Pod, of corev1.ResourceName) *int64 {
	amount := func(limits corev1.ResourceList) (int64, bool) {
		quantity, limited := limits[of]
		if of == corev1.ResourceCPU {
			return quantity.MilliValue(), limited
		}
		return quantity.Value(), limited
	}
	if pod.Spec.Resources != nil {
		if limit, limited := amount(pod.Spec.Resources.Limits); limited {
			return &limit
		}
	}
	var sum int64
	for _, container := range append(sidecars(pod), pod.Spec.Containers...) {
		limit, limited := amount(container.Resources.Limits)
		if !limited {
			return nil
		}
		sum += limit
	}
	return &sum
}

// sidecars are those init containers that go on.
func sidecars(pod *corev1.Pod) []corev1.Container {
	var all []corev1.Container
	for _, container := range pod.Spec.InitContainers {
		if policy := container.RestartPolicy; policy != nil && *policy == corev1.ContainerRestartPolicyAlways {
			all = append(all, container)
		}
	}
	return all
}
