package cluster

import (
	"fmt"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// hope says whether what keeps a pod from starting may go away.
type hope int

const (
	// waits may take as long as the user lets it: a node may be on its way.
	waits hope = iota
	// heals is retried by Kubernetes and often succeeds soon: a registry that hiccups, a quota that is freed.
	heals
	// soon is retried by Kubernetes, and more quickly: a pod that the namespace had no room for.
	soon
	// final never changes.
	final
)

// trouble is what keeps a pod from starting.
type trouble struct {
	handoff.Problem
	hope hope
}

// troubleOf returns what keeps a pod from starting, as far as its status tells.
func troubleOf(pod *corev1.Pod) (trouble, bool) {
	if pod.Status.Phase == corev1.PodFailed {
		return trouble{handoff.Problem{
			Cause: "the pod failed before it started", Evidence: podWords(pod),
			Remedy: "Look for what refuses it on the node, or choose another namespace with -n.",
		}, final}, true
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			return trouble{handoff.Problem{
				Cause: "the pod is unschedulable", Evidence: condition.Message,
				Remedy: "Free or add what it lacks; if a node is on its way, give it more time with --start-timeout.",
			}, waits}, true
		}
	}
	for _, status := range pod.Status.ContainerStatuses {
		if status.State.Waiting == nil {
			continue
		}
		if t, found := containerTrouble(pod.Spec.NodeName, status); found {
			return t, true
		}
	}
	return trouble{}, false
}

// containerTrouble judges the reason why a container waits; the reasons are the kubelet's.
func containerTrouble(node string, status corev1.ContainerStatus) (trouble, bool) {
	reason, words := status.State.Waiting.Reason, status.State.Waiting.Message
	if words == "" {
		words = reason
	}
	switch {
	case reason == "InvalidImageName":
		return trouble{handoff.Problem{
			Cause: fmt.Sprintf("%q is no image name", status.Image), Evidence: words,
			Remedy: "Give the name as the cluster pulls it with --image.",
		}, final}, true
	case reason == "ErrImageNeverPull":
		return trouble{imageProblem(node, status.Image, words), final}, true
	case slices.Contains([]string{"ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable"}, reason):
		return trouble{imageProblem(node, status.Image, words), heals}, true
	case slices.Contains([]string{"CreateContainerConfigError", "CreateContainerError", "RunContainerError"}, reason):
		return trouble{handoff.Problem{
			Cause: "container " + status.Name + " cannot start on " + node, Evidence: words,
			Remedy: "The image must hold the plugin at /kubectl-kfpperf; name another with --image.",
		}, heals}, true
	}
	return trouble{}, false
}

func imageProblem(node, image, words string) handoff.Problem {
	return handoff.Problem{
		Cause: "the image cannot be pulled: " + image, Evidence: node + ": " + words,
		Remedy: "Mirror it and pass --image, or add --image-pull-secret NAME.",
	}
}
