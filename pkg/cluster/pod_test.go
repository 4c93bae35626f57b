package cluster

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podIn is a pod of the run whose containers are in the states.
func podIn(name string, runner, results corev1.ContainerState) corev1.Pod {
	return corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       corev1.PodSpec{NodeName: "node-3"},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, ContainerStatuses: []corev1.ContainerStatus{
			{Name: handoff.RunnerContainer, Image: "kfpperf:v1", State: runner},
			{Name: handoff.ResultsContainer, Image: "kfpperf:v1", State: results},
		}},
	}
}

func isRunning() corev1.ContainerState {
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
}

func isWaiting(reason, message string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func isOver(message string) corev1.ContainerState {
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Completed", Message: message}}
}

func TestThePodThatStaysIsTheRunsPod(t *testing.T) {
	a, c := newAPI(t)
	old, young, going := podIn("old", isRunning(), isRunning()), podIn("young", isRunning(), isRunning()), podIn("going", isRunning(), isRunning())
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	old.CreationTimestamp, young.CreationTimestamp = metav1.NewTime(at), metav1.NewTime(at.Add(time.Second))
	deleted := metav1.NewTime(at)
	going.DeletionTimestamp = &deleted
	a.pods = [][]corev1.Pod{{going, young, old}}
	pod, err := c.pod(t.Context(), "smoke-abc234")
	if err != nil || pod.Name != "old" {
		t.Errorf("%v, %v", pod, err)
	}
}

func TestAnAPIThatHasJustStartedRefusesEverybody(t *testing.T) {
	a, c := newAPI(t)
	c.refusal = time.Minute
	a.pods = [][]corev1.Pod{{podIn("p", isRunning(), isRunning())}}
	a.onceRefused = 2
	if pod, err := c.pod(t.Context(), "r"); err != nil || pod.Name != "p" || a.count("GET pods") != 3 {
		t.Errorf("%v, %v after %d questions", pod, err, a.count("GET pods"))
	}
}

func TestOutagesOfTheAPIAreWaitedForAWhile(t *testing.T) {
	a, c := newAPI(t)
	a.refusals["GET pods"] = metav1.Status{Code: http.StatusServiceUnavailable, Reason: metav1.StatusReasonServiceUnavailable}
	_, err := c.pod(t.Context(), "r")
	var problem *handoff.Problem
	if !errors.Is(err, ErrOutage) || !errors.As(err, &problem) {
		t.Errorf("error %v", err)
	}
	if a.count("GET pods") < 2 {
		t.Error("it was asked only once")
	}
	a.refusals["GET pods"] = metav1.Status{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden}
	if _, err := c.pod(t.Context(), "r"); err == nil || errors.Is(err, ErrOutage) {
		t.Errorf("a refusal that lasts: %v", err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.pod(canceled, "r"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
