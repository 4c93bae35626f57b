package cluster

import (
	"fmt"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestPodsAreObserved(t *testing.T) {
	a, o := newObserved(t)
	pods, gaps := o.Pods(t.Context())
	cpu, memory := int64(500), int64(128<<20)
	want := []usage.Pod{{
		ID: "id of ml-pipeline-1", Component: "ml-pipeline", Restarts: 5, CPULimitMilli: &cpu, MemoryLimitBytes: &memory,
		Figures: &usage.Figures{Taken: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), CPUMilli: 251, MemoryBytes: 65 << 20},
	}}
	if len(pods) == 1 && pods[0].Figures != nil {
		pods[0].Figures.Taken = pods[0].Figures.Taken.UTC()
	}
	if !reflect.DeepEqual(pods, want) || gaps != nil {
		t.Errorf("pods %+v, gaps %+v", pods, gaps)
	}
	for path, want := range map[string]url.Values{
		pathPods: {
			"labelSelector": {"!workflows.argoproj.io/workflow,!kfpperf.io/run"}, "fieldSelector": {"status.phase=Running"},
			"resourceVersion": {"0"},
		},
		pathFigures: {"labelSelector": {"!workflows.argoproj.io/workflow,!kfpperf.io/run"}},
	} {
		if got := a.queries(path); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("%s was asked with %v, want once %v", path, got, want)
		}
	}
}

func TestWhatAPodIs(t *testing.T) {
	yes := true
	owned := func(name string) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.OwnerReferences = []metav1.OwnerReference{{Name: name, Controller: &yes}} }
	}
	for name, test := range map[string]struct {
		labels map[string]string
		owner  func(*corev1.Pod)
		want   string
	}{
		"app":                  {map[string]string{"app": "mysql", "app.kubernetes.io/name": "other"}, nil, "mysql"},
		"recommended labels":   {map[string]string{"app.kubernetes.io/name": "agent", "component": "c"}, nil, "agent"},
		"component":            {map[string]string{"component": "metadata-grpc-server"}, owned("x"), "metadata-grpc-server"},
		"of a Deployment":      {map[string]string{"pod-template-hash": "5d8f7"}, owned("envoy-5d8f7"), "envoy"},
		"of a StatefulSet":     {nil, owned("minio"), "minio"},
		"of something's own":   {nil, nil, "p"},
		"recommended and less": {map[string]string{"app.kubernetes.io/component": "proxy"}, nil, "proxy"},
	} {
		pod := kfpPod("p", test.owner)
		pod.Labels = test.labels
		if got := componentOf(&pod); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestLimitsOfAPod(t *testing.T) {
	always := corev1.ContainerRestartPolicyAlways
	for name, test := range map[string]struct {
		change      func(*corev1.PodSpec)
		cpu, memory string
	}{
		"one container": {func(*corev1.PodSpec) {}, "500", "134217728"},
		"two": {func(s *corev1.PodSpec) {
			s.Containers = append(s.Containers, corev1.Container{Resources: limited("1", "1Mi")})
		}, "1500", "135266304"},
		"two, one without a limit of memory": {func(s *corev1.PodSpec) {
			s.Containers = append(s.Containers, corev1.Container{Resources: limited("1", "")})
		}, "1500", "none"},
		"a sidecar without limits": {func(s *corev1.PodSpec) {
			s.InitContainers = []corev1.Container{{RestartPolicy: &always}}
		}, "none", "none"},
		"an init container, which is over": {func(s *corev1.PodSpec) {
			s.InitContainers = []corev1.Container{{}}
		}, "500", "134217728"},
		"the pod's own limit of processors": {func(s *corev1.PodSpec) {
			own := limited("3", "")
			s.Resources = &own
			s.Containers = append(s.Containers, corev1.Container{Resources: limited("", "1Mi")})
		}, "3000", "135266304"},
	} {
		pod := kfpPod("p", nil)
		test.change(&pod.Spec)
		text := func(n *int64) string {
			if n == nil {
				return "none"
			}
			return fmt.Sprint(*n)
		}
		if cpu, memory := text(limitOf(&pod, corev1.ResourceCPU)), text(limitOf(&pod, corev1.ResourceMemory)); cpu != test.cpu || memory != test.memory {
			t.Errorf("%s: %s and %s, want %s and %s", name, cpu, memory, test.cpu, test.memory)
		}
	}
}
