package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// settling is how old a ConfigMap without a Job must be that nobody named: a launch creates it first.
const settling = 15 * time.Minute

// Leftover is what is left of a run that nobody needs any more.
type Leftover struct {
	RunID   string
	Objects *jobspec.Objects
}

// Leftovers are what runs have in the namespace.
type Leftovers struct {
	// Useless may be removed, in the order of the run ids.
	Useless []Leftover
	// Present are the runs whose Jobs stay, each with why, a sentence without a final stop: they are under way, or
	// their results were not collected.
	Present map[string]string
}

// Leftovers looks for Jobs that have ended and whose results are collected, or lost with their pods, and for ConfigMaps
// whose Jobs are gone. With run ids it looks for no others.
func (c *Cluster) Leftovers(ctx context.Context, named ...string) (Leftovers, error) {
	options := metav1.ListOptions{LabelSelector: jobspec.ManagedByLabel + "=" + jobspec.ManagedBy}
	jobs, err := c.client.BatchV1().Jobs(c.namespace).List(ctx, options)
	if err != nil {
		return Leftovers{}, c.unlisted("Jobs", err)
	}
	configMaps, err := c.client.CoreV1().ConfigMaps(c.namespace).List(ctx, options)
	if err != nil {
		return Leftovers{}, c.unlisted("ConfigMaps", err)
	}
	pods, err := c.client.CoreV1().Pods(c.namespace).List(ctx, options)
	if err != nil {
		return Leftovers{}, c.unlisted("pods", err)
	}
	found := Leftovers{Present: map[string]string{}}
	asked := func(id string) bool { return id != "" && (len(named) == 0 || slices.Contains(named, id)) }
	left := map[string]*jobspec.Objects{}
	for i := range jobs.Items {
		job := &jobs.Items[i]
		id := job.Labels[jobspec.RunLabel]
		if why := whyNeeded(job, pods.Items); why != "" {
			found.Present[id] = why
		} else if asked(id) {
			left[id] = &jobspec.Objects{Job: job}
		}
	}
	for i := range configMaps.Items {
		configMap := &configMaps.Items[i]
		id := configMap.Labels[jobspec.RunLabel]
		_, present := found.Present[id]
		young := time.Since(configMap.CreationTimestamp.Time) < settling
		if !asked(id) || present || young && len(named) == 0 && left[id] == nil {
			continue
		}
		if left[id] == nil {
			left[id] = &jobspec.Objects{}
		}
		left[id].ConfigMaps = append(left[id].ConfigMaps, configMap)
	}
	for id, objects := range left {
		found.Useless = append(found.Useless, Leftover{id, objects})
	}
	slices.SortFunc(found.Useless, func(a, b Leftover) int { return strings.Compare(a.RunID, b.RunID) })
	return found, nil
}

// whyNeeded says why a Job stays; empty where nobody needs it.
func whyNeeded(job *batchv1.Job, all []corev1.Pod) string {
	ended := slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == corev1.ConditionTrue
	})
	if !ended {
		return "it is under way"
	}
	pods := slices.DeleteFunc(slices.Clone(all), func(p corev1.Pod) bool {
		return p.Labels[jobspec.RunLabel] != job.Labels[jobspec.RunLabel]
	})
	ttl := job.Spec.TTLSecondsAfterFinished
	collected := ttl != nil && *ttl <= afterCollection || slices.ContainsFunc(pods, func(p corev1.Pod) bool {
		return p.Annotations[handoff.CollectAnnotation] == string(handoff.CollectDone)
	})
	if len(pods) > 0 && !collected {
		return "its result was not collected"
	}
	return ""
}

// unlisted explains that leftovers cannot be looked for.
func (c *Cluster) unlisted(what string, err error) error {
	return &handoff.Problem{
		Cause: fmt.Sprintf("%s in namespace %s cannot be listed", what, c.namespace), Evidence: err.Error(),
		Remedy: "Ask for the rights that `kubectl kfpperf rbac -n " + c.namespace + "` prints.",
	}
}
