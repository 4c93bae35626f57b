package cluster

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

func unschedulable(words string) corev1.Pod {
	pod := podIn("p", corev1.ContainerState{}, corev1.ContainerState{})
	pod.Status = corev1.PodStatus{Phase: corev1.PodPending, Conditions: []corev1.PodCondition{{
		Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: "Unschedulable", Message: words,
	}}}
	return pod
}

func TestStartWaitsForTheRunner(t *testing.T) {
	a, c := newAPI(t)
	creating := podIn("p", isWaiting("ContainerCreating", ""), isWaiting("ContainerCreating", ""))
	a.pods = [][]corev1.Pod{
		nil, {unschedulable("0/1 nodes")}, {unschedulable("0/1 nodes")}, {creating},
		{podIn("p", isRunning(), creating.Status.ContainerStatuses[1].State)},
	}
	var told []string
	node, err := c.Start(t.Context(), "r", Starting{Timeout: time.Minute, Tell: func(p *handoff.Problem) { told = append(told, p.Error()) }})
	if err != nil || node != "node-3" {
		t.Errorf("%s, %v", node, err)
	}
	if want := []string{"the pod is unschedulable (0/1 nodes)"}; !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
}

func TestWhatKeepsAPodFromStartingIsSaid(t *testing.T) {
	failed := podIn("p", corev1.ContainerState{}, corev1.ContainerState{})
	failed.Status = corev1.PodStatus{Phase: corev1.PodFailed, Reason: "UnexpectedAdmissionError", Message: "no room"}
	waiting := func(reason, words string) []corev1.Pod {
		return []corev1.Pod{podIn("p", isWaiting(reason, words), corev1.ContainerState{})}
	}
	for _, test := range []struct {
		name    string
		pods    []corev1.Pod
		events  []corev1.Event
		timeout time.Duration
		want    []string
	}{
		{"unschedulable", []corev1.Pod{unschedulable("0/1 nodes")}, nil, time.Millisecond,
			[]string{"the pod is unschedulable, and did not start within 1ms", "0/1 nodes", "--start-timeout"}},
		{"silence", nil, nil, time.Millisecond, []string{"did not start within 1ms, and nothing says why", "events"}},
		{"image name", waiting("InvalidImageName", "bad reference"), nil, time.Hour, []string{"kfpperf:v1", "bad reference", "--image"}},
		{"image", waiting("ErrImagePull", "403 Forbidden"), nil, time.Hour,
			[]string{"the image cannot be pulled: kfpperf:v1", "node-3: 403 Forbidden", "--image-pull-secret"}},
		{"no such binary", waiting("RunContainerError", "exec: no such file"), nil, time.Hour,
			[]string{"container runner cannot start on node-3", "exec: no such file", "/kubectl-kfpperf"}},
		{"refused on the node", []corev1.Pod{failed}, nil, time.Hour,
			[]string{"failed before it started", "UnexpectedAdmissionError: no room"}},
		{"quota", nil, []corev1.Event{{Message: "older"}, {Message: "pods is forbidden: exceeded quota: tight"}}, time.Hour,
			[]string{"the quota of namespace ns is too small", "exceeded quota: tight", "--resources"}},
		{"pod security", nil, []corev1.Event{{Message: "pods is forbidden: violates PodSecurity"}}, time.Hour,
			[]string{"the pod security of namespace ns refuses the pod", "violates PodSecurity", "--pod-patch"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, c := newAPI(t)
			a.pods, a.events = [][]corev1.Pod{test.pods}, test.events
			_, err := c.Start(t.Context(), "r", Starting{Timeout: test.timeout, Tell: func(*handoff.Problem) {}})
			var problem *handoff.Problem
			if !errors.As(err, &problem) {
				t.Fatalf("error %v", err)
			}
			for _, want := range test.want {
				if !strings.Contains(problem.Error()+" "+problem.Remedy, want) {
					t.Errorf("%q is not in %+v", want, problem)
				}
			}
		})
	}
}

func TestATroubleThatHealsEndsNothing(t *testing.T) {
	a, c := newAPI(t)
	c.grace = time.Hour
	pull := []corev1.Pod{podIn("p", isWaiting("ErrImagePull", "registry hiccup"), corev1.ContainerState{})}
	backOff := []corev1.Pod{podIn("p", isWaiting("ImagePullBackOff", "Back-off"), corev1.ContainerState{})}
	a.pods = [][]corev1.Pod{pull, backOff, pull, {podIn("p", isRunning(), isRunning())}}
	told := 0
	if _, err := c.Start(t.Context(), "r", Starting{Timeout: time.Minute, Tell: func(*handoff.Problem) { told++ }}); err != nil || told != 1 {
		t.Errorf("%v, told %d times", err, told)
	}
}
