package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
	authorizationv1 "k8s.io/api/authorization/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/kubernetes/scheme"
)

// jobsAPI is the Kubernetes API as the wire shows it to a run: each Job that is created has a pod at once,
// whose worker has ended and left a result, unless it is told otherwise of a namespace.
type jobsAPI struct {
	*httptest.Server
	// refused are answered with 403, as "METHOD namespace/resource" without a name.
	refused []string
	// unpullable are namespaces whose pods never start, and problems those whose workers have no result.
	unpullable []string
	problems   map[string]*handoff.Problem
	// failing are namespaces whose results have this verdict.
	failing []string
	// podless are namespaces where no pod is made, and running those whose workers have not ended.
	podless, running []string
	// cleaned is what workers that clean tell.
	cleaned []worker.Cleaned
	// partial says that results are, and protocol is what the workers speak, 0 for ours.
	partial  bool
	protocol int
	// follow is called when the log of a worker is followed, which then does not end; nil where it has ended.
	follow func()

	mu   sync.Mutex
	seen []string
	// jobs are those that were created, by run id.
	jobs map[string]*batchv1.Job
	// stops are the runs that were asked to stop, and how. Their workers then end.
	stops   map[string]string
	stopped chan struct{}
}

func newJobsAPI(t *testing.T) *jobsAPI {
	t.Helper()
	a := &jobsAPI{jobs: map[string]*batchv1.Job{}, stops: map[string]string{}, stopped: make(chan struct{})}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

// serve answers JSON, and reads what the client sends, be it protobuf.
func (a *jobsAPI) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, path, _ := strings.Cut(r.URL.Path, "/namespaces/")
	if path == "" {
		path = r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	}
	what := r.Method + " " + path
	a.mu.Lock()
	a.seen = append(a.seen, what)
	a.mu.Unlock()
	namespace, resource, named := strings.Cut(path, "/")
	if !named { // all namespaces
		namespace = ""
	}
	switch {
	case slices.Contains(a.refused, resources([]string{what})[0]):
		answer(w, http.StatusForbidden, metav1.Status{
			TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure, Code: http.StatusForbidden,
			Reason: metav1.StatusReasonForbidden, Message: "exceeded quota in " + namespace,
		})
	case path == "selfsubjectaccessreviews":
		answer(w, http.StatusCreated, authorizationv1.SelfSubjectAccessReview{Status: authorizationv1.SubjectAccessReviewStatus{Allowed: true}})
	case what == "POST "+namespace+"/jobs":
		object, _, _ := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
		job := object.(*batchv1.Job)
		a.mu.Lock()
		a.jobs[job.Labels[jobspec.RunLabel]] = job
		a.mu.Unlock()
		answer(w, http.StatusCreated, job)
	case path == "jobs", what == "GET "+namespace+"/jobs":
		answer(w, http.StatusOK, batchv1.JobList{Items: a.selected(namespace, r.URL.Query().Get("labelSelector"))})
	case path == "pods", what == "GET "+namespace+"/pods":
		var pods []corev1.Pod
		for _, job := range a.selected(namespace, r.URL.Query().Get("labelSelector")) {
			pods = append(pods, a.pod(job.Namespace, job.Labels[jobspec.RunLabel])...)
		}
		answer(w, http.StatusOK, corev1.PodList{Items: pods})
	case what == "GET "+namespace+"/configmaps":
		var list corev1.ConfigMapList
		for _, job := range a.selected(namespace, r.URL.Query().Get("labelSelector")) {
			list.Items = append(list.Items, corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: job.Name + "-0", Labels: job.Labels}})
		}
		answer(w, http.StatusOK, list)
	case r.Method == http.MethodPatch && strings.HasPrefix(resource, "pods/"):
		answer(w, http.StatusOK, a.stop(namespace, strings.TrimPrefix(resource, "pods/"), body))
	case r.Method == http.MethodPatch && strings.HasPrefix(resource, "jobs/"):
		a.patchJob(strings.TrimPrefix(resource, "jobs/kfpperf-"), body)
		answer(w, http.StatusOK, struct{}{})
	case strings.HasSuffix(resource, "/log"):
		a.log(w, r, namespace, strings.Split(resource, "/")[1])
	case what == "GET "+namespace+"/events":
		answer(w, http.StatusOK, corev1.EventList{})
	default:
		answer(w, http.StatusOK, struct{}{})
	}
}

func answer(w http.ResponseWriter, status int, message any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(message)
}

// saw lists what was asked with a method, but for questions about rights.
func (a *jobsAPI) saw(method string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(a.seen), func(what string) bool {
		return !strings.HasPrefix(what, method+" ") || strings.HasSuffix(what, "reviews")
	})
}

// inCluster runs a scenario as a person would, from namespace home.
func (a *jobsAPI) inCluster(ctx context.Context, t *testing.T, text string, args ...string) (code exitCode, stdout, stderr string) {
	t.Helper()
	a.atHome(t, text)
	return a.call(ctx, interrupts, append([]string{"run", "tenants.json"}, args...)...)
}

// kubeconfig leads to the API, and to namespace home in it.
func (a *jobsAPI) kubeconfig() string {
	return fmt.Sprintf("apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: %q}}]\n"+
		"contexts: [{name: c, context: {cluster: c, user: u, namespace: home}}]\nusers: [{name: u, user: {}}]\ncurrent-context: c\n", a.URL)
}

// atHome goes to a folder of its own, with a scenario and a kubeconfig whose namespace is home.
func (a *jobsAPI) atHome(t *testing.T, text string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, content := range map[string]string{
		"tenants.json": text,
		"kubeconfig":   a.kubeconfig(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// call is one call of the plugin, as a person would make it.
func (a *jobsAPI) call(ctx context.Context, later notify, args ...string) (code exitCode, stdout, stderr string) {
	var out, err bytes.Buffer
	p := program{streams: genericiooptions.IOStreams{Out: &out, ErrOut: &err}, version: scriptVersion, notify: later}
	code = exitCode(p.run(ctx, append(args, "--kubeconfig", "kubeconfig")))
	return code, out.String(), err.String()
}
