package cluster

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// Phase is how far a run is.
type Phase string

// The phases, in their order. A run ends as PhaseCollected or PhaseFailed.
const (
	// PhasePending is a run whose worker has not started.
	PhasePending Phase = "Pending"
	// PhaseRunning puts on load, or waits for what it started.
	PhaseRunning Phase = "Running"
	// PhaseStopping is PhaseRunning, and asked to stop before its time.
	PhaseStopping Phase = "Stopping"
	// PhaseEnded is a run that is over, and whose result nobody has collected yet.
	PhaseEnded Phase = "Ended"
	// PhaseCollected is a run whose result is on somebody's disk; Kubernetes removes it soon.
	PhaseCollected Phase = "Collected"
	// PhaseFailed is a run that has no result and will have none.
	PhaseFailed Phase = "Failed"
)

// UnderWay reports whether a run may still do something.
func (p Phase) UnderWay() bool { return p == PhasePending || p == PhaseRunning || p == PhaseStopping }

// Run is a run as its Job and its pod show it.
type Run struct {
	ID        string `json:"name"`
	Namespace string `json:"namespace"`
	// Group is what the ids of runs have in common that were started together; empty for a run by itself.
	Group string `json:"group,omitempty"`
	// Scenario is the scenario's name; empty where the Job does not tell.
	Scenario string `json:"scenario,omitempty"`
	Phase    Phase  `json:"phase"`
	// Created is when the Job was made, Started when its worker started and Ended when that ended, by the cluster's
	// clocks.
	Created time.Time  `json:"created"`
	Started *time.Time `json:"started,omitempty"`
	Ended   *time.Time `json:"ended,omitempty"`
	// Pod and Node are empty while there is none.
	Pod  string `json:"pod,omitempty"`
	Node string `json:"node,omitempty"`
	// Progress is where the entries stand, of a run whose worker runs; see Inspect.
	Progress []handoff.EntryProgress `json:"progress,omitempty"`
	// Commit is the record that the worker left; nil while there is none.
	Commit *handoff.Commit `json:"commit,omitempty"`
	// PhaseCollected is the SHA-256 of the result that was collected; empty while none was.
	Collected string `json:"collected,omitempty"`
	// Problem is what keeps the run from starting, or why it has no result.
	Problem *handoff.Problem `json:"problem,omitempty"`
}

// Verdict is what the run's record says of its result: a verdict, partial, or nothing.
func (r Run) Verdict() string {
	switch {
	case r.Commit == nil || r.Commit.SHA256 == "":
		return ""
	case r.Commit.Partial:
		return "partial"
	}
	return r.Commit.Verdict
}

// runOf puts together what a Job and its pod, nil where there is none, tell of a run.
func runOf(job *batchv1.Job, pod *corev1.Pod) Run {
	r := Run{
		ID: job.Labels[jobspec.RunLabel], Namespace: job.Namespace, Group: job.Labels[jobspec.GroupLabel],
		Scenario: job.Annotations[jobspec.ScenarioAnnotation], Collected: job.Annotations[jobspec.CollectedAnnotation],
		Created: job.CreationTimestamp.Time,
	}
	if pod != nil {
		r.look(pod)
	}
	r.judge(job, pod)
	return r
}

// look notes what the pod says of itself.
func (r *Run) look(pod *corev1.Pod) {
	r.Pod, r.Node = pod.Name, pod.Spec.NodeName
	switch state := stateOf(pod, handoff.RunnerContainer); {
	case state.Running != nil:
		r.Started = timeOf(state.Running.StartedAt.Time)
	case state.Terminated != nil:
		r.Started, r.Ended = timeOf(state.Terminated.StartedAt.Time), timeOf(state.Terminated.FinishedAt.Time)
	}
	if _, commit, err := shipperOf(pod, r.ID); err == nil {
		r.Commit = &commit
	}
}

// timeOf returns nil for a time that nobody told.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// judge decides the phase, and what is wrong.
func (r *Run) judge(job *batchv1.Job, pod *corev1.Pod) {
	switch {
	case r.Collected != "":
		r.Phase = PhaseCollected
	case r.Commit != nil && r.Commit.SHA256 != "":
		r.Phase = PhaseEnded
	case r.Commit != nil && r.Commit.Problem != nil:
		r.Phase, r.Problem = PhaseFailed, r.Commit.Problem
	case pod == nil && jobEnd(job) != nil:
		r.Phase, r.Problem = PhaseFailed, jobProblem(job)
	case pod == nil:
		r.Phase = PhasePending
	case !begun(pod):
		r.Phase = PhasePending
		if t, found := troubleOf(pod); found {
			r.Problem = &t.Problem
			if t.hope == final {
				r.Phase = PhaseFailed
			}
		}
	case jobEnd(job) != nil || over(pod, handoff.ResultsContainer):
		r.Phase, r.Problem = PhaseFailed, &handoff.Problem{Cause: "the pod ended without a record of a result", Evidence: podWords(pod)}
	case over(pod, handoff.RunnerContainer):
		r.Phase = PhaseEnded
	case pod.Annotations[handoff.StopAnnotation] != "":
		r.Phase = PhaseStopping
	default:
		r.Phase = PhaseRunning
	}
}

// jobEnd is what the Job says of its end; nil while it has not ended.
func jobEnd(job *batchv1.Job) *batchv1.JobCondition {
	for i, condition := range job.Status.Conditions {
		if ends := condition.Type == batchv1.JobComplete || condition.Type == batchv1.JobFailed; ends && condition.Status == corev1.ConditionTrue {
			return &job.Status.Conditions[i]
		}
	}
	return nil
}

// jobProblem explains a Job that ended and has no pod.
func jobProblem(job *batchv1.Job) *handoff.Problem {
	p := &handoff.Problem{Cause: "the pod of the run is gone, and its result with it"}
	if end := jobEnd(job); end != nil && end.Reason != "" {
		p.Evidence = end.Reason + ": " + end.Message
	}
	return p
}
