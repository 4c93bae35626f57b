package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/usage"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/version"
)

const (
	// mostNodes bounds what a result lists, and what is asked for: a node is described in tens of KB.
	mostNodes = 100
	// mostLooks is how often our own pod is looked at: the runner may know that it runs before its node has told.
	mostLooks = 5
)

// Describe returns the cluster's version and nodes, and where our own pod is and what it runs.
func (o *Observer) Describe(ctx context.Context) (result.Environment, []result.Gap) {
	var e result.Environment
	var versionGap, nodesGap, podGap []result.Gap
	var asking sync.WaitGroup
	asking.Go(func() { e.Kubernetes, versionGap = o.version(ctx) })
	asking.Go(func() { e.Nodes, nodesGap = o.nodes(ctx) })
	if o.Pod != "" {
		asking.Go(func() { e.Node, e.ImageDigest, podGap = o.ownPod(ctx) })
	}
	asking.Wait()
	return e, slices.Concat(versionGap, nodesGap, podGap)
}

func (o *Observer) version(ctx context.Context) (string, []result.Gap) {
	return ask(ctx, o, usage.WhatVersion, "tell its version", func(ctx context.Context) (string, error) {
		// The client's own method takes no context.
		answer, err := o.core.Discovery().RESTClient().Get().AbsPath("/version").Do(ctx).Raw()
		if err != nil {
			return "", err
		}
		var told version.Info
		if err := json.Unmarshal(answer, &told); err != nil {
			return "", fmt.Errorf("reading the answer: %w", err)
		}
		return told.GitVersion, nil
	})
}

func (o *Observer) nodes(ctx context.Context) ([]result.Node, []result.Gap) {
	list, gaps := ask(ctx, o, usage.WhatNodes, "list nodes", func(ctx context.Context) (*corev1.NodeList, error) {
		return o.core.CoreV1().Nodes().List(ctx, metav1.ListOptions{Limit: mostNodes})
	})
	if gaps != nil {
		return nil, gaps
	}
	var nodes []result.Node
	for _, node := range list.Items {
		nodes = append(nodes, result.Node{
			Name: node.Name, Kubelet: node.Status.NodeInfo.KubeletVersion, Architecture: node.Status.NodeInfo.Architecture,
			CPUMilli:    node.Status.Capacity.Cpu().MilliValue(),
			MemoryBytes: node.Status.Capacity.Memory().Value(),
		})
	}
	slices.SortFunc(nodes, func(a, b result.Node) int { return strings.Compare(a.Name, b.Name) })
	if list.Continue != "" {
		return nodes, []result.Gap{{What: usage.WhatNodes, Why: fmt.Sprintf("only the first %d nodes are listed", len(nodes))}}
	}
	return nodes, nil
}

// ownPod returns the node and the image of the pod that this process is in.
func (o *Observer) ownPod(ctx context.Context) (node, digest string, gaps []result.Gap) {
	do := fmt.Sprintf("get pod %s in namespace %s", o.Pod, o.PodNamespace)
	for range mostLooks {
		var pod *corev1.Pod
		pod, gaps = ask(ctx, o, usage.WhatOwnPod, do, func(ctx context.Context) (*corev1.Pod, error) {
			return o.core.CoreV1().Pods(o.PodNamespace).Get(ctx, o.Pod, metav1.GetOptions{})
		})
		if gaps != nil {
			return "", "", gaps
		}
		node, digest = pod.Spec.NodeName, digestOf(pod)
		if digest != "" || !o.rest(ctx) {
			break
		}
	}
	if digest == "" {
		gaps = []result.Gap{{What: usage.WhatDigest, Why: "the node has not told which image the runner has"}}
	}
	return node, digest, gaps
}

// rest waits for a pause, and reports whether ctx has not ended meanwhile.
func (o *Observer) rest(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(o.pause):
		return true
	}
}

// digestOf returns the digest of the image that the runner has, empty while its node has not told.
func digestOf(pod *corev1.Pod) string {
	for _, status := range pod.Status.ContainerStatuses {
		if status.Name == handoff.RunnerContainer {
			return status.ImageID[strings.LastIndex(status.ImageID, "@")+1:]
		}
	}
	return ""
}
