package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// selected are the Jobs of a namespace, or of all where it is empty, that a selector selects.
func (a *jobsAPI) selected(namespace, selector string) []batchv1.Job {
	a.mu.Lock()
	defer a.mu.Unlock()
	wanted, _ := labels.Parse(selector)
	var found []batchv1.Job
	for _, id := range slices.Sorted(maps.Keys(a.jobs)) {
		job := a.jobs[id]
		if (namespace == "" || job.Namespace == namespace) && wanted.Matches(labels.Set(job.Labels)) {
			found = append(found, *job)
		}
	}
	return found
}

// add puts the Job of a run into a namespace, as an earlier process would have.
func (a *jobsAPI) add(namespace, id, group string) *batchv1.Job {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: jobspec.JobName(id), Namespace: namespace, CreationTimestamp: metav1.Now(), Annotations: map[string]string{jobspec.ScenarioAnnotation: "tenants"},
		Labels: map[string]string{jobspec.RunLabel: id, jobspec.ManagedByLabel: jobspec.ManagedBy},
	}}
	if group != "" {
		job.Labels[jobspec.GroupLabel] = group
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.jobs[id] = job
	return job
}

// stop notes that a run was asked to stop.
func (a *jobsAPI) stop(namespace, id string, patch []byte) corev1.Pod {
	var pod corev1.Pod
	_ = json.Unmarshal(patch, &pod)
	a.mu.Lock()
	a.stops[id] = pod.Annotations[handoff.StopAnnotation]
	a.mu.Unlock()
	before := a.pod(namespace, id)[0]
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.stopped:
	default:
		close(a.stopped)
	}
	return before
}

// patchJob notes annotations of a Job.
func (a *jobsAPI) patchJob(id string, patch []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if job := a.jobs[id]; job != nil {
		_ = json.Unmarshal(patch, job)
	}
}

// works reports whether the worker of a namespace has not ended.
func (a *jobsAPI) works(namespace string) bool {
	select {
	case <-a.stopped:
		return false
	default:
		return a.follow != nil || slices.Contains(a.running, namespace)
	}
}

// pod is that of a run, called as its run id.
func (a *jobsAPI) pod(namespace, id string) []corev1.Pod {
	runner, results := corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}, corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
	switch {
	case a.lacksPod(namespace):
		return nil
	case slices.Contains(a.unpullable, namespace):
		runner = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "InvalidImageName"}}
	case !a.works(namespace):
		_, record := a.left(namespace, id)
		runner = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{StartedAt: metav1.Now()}}
		results = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Message: record}}
	default:
		runner.Running.StartedAt = metav1.Now()
	}
	return []corev1.Pod{{
		ObjectMeta: metav1.ObjectMeta{Name: id, Namespace: namespace, Labels: map[string]string{jobspec.RunLabel: id}},
		Spec:       corev1.PodSpec{NodeName: "node-of-" + namespace},
		Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{
			{Name: handoff.RunnerContainer, State: runner}, {Name: handoff.ResultsContainer, State: results},
		}},
	}}
}

// left is what the results container of a run prints, and its commit record.
func (a *jobsAPI) left(namespace, id string) (log, record string) {
	commit := handoff.Commit{Protocol: handoff.Protocol, RunID: id, Problem: a.problems[namespace]}
	var framed bytes.Buffer
	if commit.Problem == nil {
		content, _ := result.Encode(a.resultOf(namespace, id))
		if strings.HasPrefix(id, jobspec.VerbClean+"-") {
			content, _ = json.Marshal(a.cleaned)
		}
		parcel, _ := handoff.NewParcel(content)
		_ = parcel.WriteFrames(&framed, 0) // a buffer takes all
		commit.Partial = a.partial
		commit = commit.Carrying(string(result.Passed), parcel)
	}
	encoded, _ := commit.Encode()
	return framed.String(), string(encoded)
}

func (a *jobsAPI) resultOf(namespace, id string) *result.Document {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	d := &result.Document{
		APIVersion: result.APIVersion, Kind: result.Kind, RunID: id, Started: at, Finished: at.Add(time.Minute),
		Scenario: result.Scenario{Entries: []scenario.Entry{{Mode: scenario.PipelineRun, Namespaces: []string{"a", "b"}}}},
		Tenancy:  &result.Tenancy{Namespace: namespace, Namespaces: []string{"a", "b"}},
		Entries:  []result.Entry{{Mode: scenario.PipelineRun, Counts: result.Counts{Planned: 2, Succeeded: 2}, Active: scenario.Duration(time.Second)}},
		Verdict:  result.Verdict{Status: result.Passed},
	}
	if slices.Contains(a.failing, namespace) {
		d.Verdict = result.Verdict{Status: result.Failed, Reasons: []string{"it took too long"}}
	}
	return d
}

// log serves the log of a container of a run.
func (a *jobsAPI) log(w http.ResponseWriter, r *http.Request, namespace, id string) {
	if r.URL.Query().Get("container") == handoff.ResultsContainer {
		log, _ := a.left(namespace, id)
		_, _ = io.WriteString(w, log)
		return
	}
	events := handoff.NewEventWriter(w)
	_ = events.Write(handoff.Event{Type: handoff.EventHello, Text: "worker " + scriptVersion, Hello: &handoff.Hello{Protocol: cmp.Or(a.protocol, handoff.Protocol), Version: scriptVersion, RunID: id}})
	_ = events.Write(handoff.Event{Type: handoff.EventProgress, Text: "running", Progress: []handoff.EntryProgress{
		{Mode: "PIPELINE_RUN", Namespace: namespace, Phase: "done", Total: 2, Started: 2, Succeeded: 2},
	}})
	if a.works(namespace) && r.URL.Query().Get("follow") == "true" {
		w.(http.Flusher).Flush()
		if a.follow != nil {
			a.follow()
		}
		select {
		case <-r.Context().Done():
		case <-a.stopped:
		}
	}
}

// lacksPod reports whether there is no pod in a namespace.
func (a *jobsAPI) lacksPod(namespace string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Contains(a.podless, namespace)
}
