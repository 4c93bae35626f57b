package cluster

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// api is the Kubernetes API as the wire shows it, as far as the package uses it.
type api struct {
	*httptest.Server

	mu sync.Mutex
	// seen are the requests, as "METHOD /path below the namespace".
	seen []string
	// bodies are what was posted and patched, by what seen says of it.
	bodies map[string]string
	// pods are what the lists of pods return one after the other, the last for ever.
	pods [][]corev1.Pod
	// logs are what the logs of a container are read as one after the other, the last for ever.
	logs map[string][]string
	// sinces are the sinceTime of each read of a log.
	sinces []string
	events []corev1.Event
	// jobs and configMaps are what the lists of them return.
	jobs       []batchv1.Job
	configMaps []corev1.ConfigMap
	// refusals are answered instead, by what seen says of a request.
	refusals map[string]metav1.Status
	// onceRefused is how many requests are refused before the first is answered.
	onceRefused int
	// raw are answers, by what seen says of a request.
	raw map[string]string
	// denied are rights, as "verb resource", that the user does not have.
	denied []string
}

// newAPI serves an API in which all is allowed, and returns the namespace ns in it with a client that does
// not wait.
func newAPI(t *testing.T) (*api, *Cluster) {
	t.Helper()
	a := &api{bodies: map[string]string{}, logs: map[string][]string{}, refusals: map[string]metav1.Status{}}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	client, err := kubernetes.NewForConfig(&rest.Config{
		Host: a.URL, QPS: -1,
		ContentConfig: rest.ContentConfig{ContentType: "application/json"}, // which the API here reads
	})
	if err != nil {
		t.Fatal(err)
	}
	c := New(client, "ns")
	c.poll, c.grace, c.outage, c.idle = time.Millisecond, 5*time.Millisecond, 5*time.Millisecond, time.Minute
	c.refusal = 5 * time.Millisecond
	c.shipping, c.patience, c.attempts = time.Minute, 5*time.Millisecond, 3
	return a, c
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, path, _ := strings.Cut(r.URL.Path, "/namespaces/ns/")
	if path == "" {
		path = r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	}
	what := r.Method + " " + path
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, what)
	a.bodies[what] = string(body)
	status, refused := a.refusals[what]
	if a.onceRefused > 0 {
		a.onceRefused--
		status, refused = forbidden(), true
	}
	if refused {
		status.Status, status.Kind, status.APIVersion = metav1.StatusFailure, "Status", "v1"
		answer(w, int(status.Code), status)
		return
	}
	if text := a.raw[what]; text != "" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text)
		return
	}
	switch {
	case what == "GET pods":
		answer(w, http.StatusOK, corev1.PodList{Items: next(&a.pods)})
	case strings.HasSuffix(what, "/log"):
		a.sinces = append(a.sinces, r.URL.Query().Get("sinceTime"))
		logs := a.logs[r.URL.Query().Get("container")]
		_, _ = io.WriteString(w, next(&logs))
		a.logs[r.URL.Query().Get("container")] = logs
	case what == "GET jobs":
		answer(w, http.StatusOK, batchv1.JobList{Items: a.jobsOf(r.URL.Query().Get("labelSelector"))})
	case what == "GET configmaps":
		answer(w, http.StatusOK, corev1.ConfigMapList{Items: a.configMaps})
	case r.Method == http.MethodPatch && strings.HasPrefix(path, "pods/"):
		answer(w, http.StatusOK, next(&a.pods)[0])
	case what == "GET events":
		answer(w, http.StatusOK, corev1.EventList{Items: a.events})
	case what == "POST selfsubjectaccessreviews", what == "POST localsubjectaccessreviews":
		answer(w, http.StatusCreated, a.review(body))
	case r.Method == http.MethodGet:
		answer(w, http.StatusOK, struct{}{})
	default:
		answer(w, http.StatusOK, json.RawMessage(body))
	}
}

// jobsOf are the Jobs that a selector selects.
func (a *api) jobsOf(selector string) []batchv1.Job {
	wanted, err := labels.Parse(selector)
	return slices.DeleteFunc(slices.Clone(a.jobs), func(job batchv1.Job) bool {
		return err != nil || !wanted.Matches(labels.Set(job.Labels))
	})
}

func (a *api) review(body []byte) authorizationv1.SelfSubjectAccessReview {
	var review authorizationv1.SelfSubjectAccessReview
	_ = json.Unmarshal(body, &review)
	asked := review.Spec.ResourceAttributes
	resource := asked.Resource
	if asked.Subresource != "" {
		resource += "/" + asked.Subresource
	}
	review.Status.Allowed = !slices.Contains(a.denied, asked.Verb+" "+resource)
	return review
}

// next takes the first of several answers, and leaves the last.
func next[T any](answers *[]T) T {
	var none T
	if len(*answers) == 0 {
		return none
	}
	first := (*answers)[0]
	if len(*answers) > 1 {
		*answers = (*answers)[1:]
	}
	return first
}

func answer(w http.ResponseWriter, status int, message any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(message)
}

// count says how often something was asked.
func (a *api) count(what string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for _, seen := range a.seen {
		if seen == what {
			n++
		}
	}
	return n
}
