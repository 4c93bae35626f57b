package cluster

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/rest"
	"k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// What an observer asks for.
const (
	pathPods    = "/api/v1/namespaces/kubeflow/pods"
	pathFigures = "/apis/metrics.k8s.io/v1beta1/namespaces/kubeflow/pods"
	pathVersion = "/version"
	pathNodes   = "/api/v1/nodes"
	pathOwnPod  = "/api/v1/namespaces/team/pods/load-1"
)

// observed is the Kubernetes API of a cluster, as the wire shows it to an observer.
type observed struct {
	*httptest.Server

	mu sync.Mutex
	// answers are by path; what has none is not found.
	answers map[string]http.HandlerFunc
	asked   []*url.URL
}

// newObserved returns a cluster in which KFP has one pod, and an observer of it.
func newObserved(t *testing.T) (*observed, *Observer) {
	t.Helper()
	a := &observed{answers: map[string]http.HandlerFunc{
		pathPods:    says(corev1.PodList{Items: []corev1.Pod{kfpPod("ml-pipeline-1", nil)}}),
		pathFigures: says(v1beta1.PodMetricsList{Items: []v1beta1.PodMetrics{figuresOf("ml-pipeline-1", "250m", "64Mi")}}),
		pathVersion: says(version.Info{GitVersion: "v1.37.2"}),
		pathNodes:   says(corev1.NodeList{Items: []corev1.Node{nodeOf("two"), nodeOf("one")}}),
		pathOwnPod:  says(ownPodWith("docker.io/kfpperf/kubectl-kfpperf@sha256:abc")),
	}}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.mu.Lock()
		a.asked = append(a.asked, r.URL)
		serve := a.answers[r.URL.Path]
		a.mu.Unlock()
		if serve == nil {
			serve = http.NotFound
		}
		serve(w, r)
	}))
	t.Cleanup(a.Close)
	o, err := NewObserver(&rest.Config{Host: a.URL, QPS: -1}, Observed{KFPNamespace: "kubeflow", Pod: "load-1", PodNamespace: "team"})
	if err != nil {
		t.Fatal(err)
	}
	o.pause = time.Millisecond
	return a, o
}

// queries returns what was asked at a path.
func (a *observed) queries(path string) []url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []url.Values
	for _, asked := range a.asked {
		if asked.Path == path {
			all = append(all, asked.Query())
		}
	}
	return all
}

func says(message any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, message) }
}

// refuses answers as the Kubernetes API refuses.
func refuses(code int, reason metav1.StatusReason, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answer(w, code, metav1.Status{
			TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
			Status:   metav1.StatusFailure, Code: int32(code), Reason: reason, Message: message,
		})
	}
}

func forbids(w http.ResponseWriter, r *http.Request) {
	refuses(http.StatusForbidden, metav1.StatusReasonForbidden, "pods is forbidden")(w, r)
}

// hangs answers when nobody waits any more.
func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// kfpPod is a pod of KFP's API server, perhaps with changes.
func kfpPod(name string, change func(*corev1.Pod)) corev1.Pod {
	pod := corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("id of " + name), Labels: map[string]string{"app": "ml-pipeline"}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Resources: limited("500m", "128Mi")}}},
		Status: corev1.PodStatus{
			InitContainerStatuses: []corev1.ContainerStatus{{Name: "proxy", RestartCount: 2}},
			ContainerStatuses:     []corev1.ContainerStatus{{Name: "main", RestartCount: 3}, {Name: "other"}},
		},
	}
	if change != nil {
		change(&pod)
	}
	return pod
}

func limited(cpu, memory string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{Limits: amounts(cpu, memory)}
}

func amounts(cpu, memory string) corev1.ResourceList {
	list := corev1.ResourceList{}
	for name, amount := range map[corev1.ResourceName]string{corev1.ResourceCPU: cpu, corev1.ResourceMemory: memory} {
		if amount != "" {
			list[name] = resource.MustParse(amount)
		}
	}
	return list
}

func figuresOf(name, cpu, memory string) v1beta1.PodMetrics {
	return v1beta1.PodMetrics{
		ObjectMeta: metav1.ObjectMeta{Name: name}, Timestamp: metav1.NewTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		Containers: []v1beta1.ContainerMetrics{{Name: "main", Usage: amounts(cpu, memory)}, {Name: "proxy", Usage: amounts("1m", "1Mi")}},
	}
}

func nodeOf(name string) corev1.Node {
	return corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name}, Status: corev1.NodeStatus{
		Capacity: amounts("4", "8Gi"),
		NodeInfo: corev1.NodeSystemInfo{KubeletVersion: "v1.37.1", Architecture: "arm64"},
	}}
}

func ownPodWith(imageID string) corev1.Pod {
	return corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "load-1"}, Spec: corev1.PodSpec{NodeName: "two"},
		Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{
			{Name: "results", ImageID: "docker.io/kfpperf/kubectl-kfpperf@sha256:other"}, {Name: "runner", ImageID: imageID},
		}},
	}
}
