package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ErrNoRun says that there is no run of a name. The errors that wrap it hold a *handoff.Problem.
var ErrNoRun = errors.New("there is no such run")

// AllNamespaces is every namespace at once, where In is given it. Only Runs, RunIDs and Find know what to do there.
const AllNamespaces = metav1.NamespaceAll

// ours selects what the product made.
const ours = jobspec.ManagedByLabel + "=" + jobspec.ManagedBy

// Runs returns all runs, the newest last, as far as their Jobs and pods tell; see Inspect.
func (c *Cluster) Runs(ctx context.Context) ([]Run, error) {
	return c.runs(ctx, ours)
}

// RunIDs returns the ids of all runs and groups of runs, for who chooses among them. It asks for Jobs only.
func (c *Cluster) RunIDs(ctx context.Context) ([]string, error) {
	jobs, err := c.jobs(ctx, ours)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range jobs {
		ids = append(ids, jobs[i].Labels[jobspec.RunLabel])
		if group := jobs[i].Labels[jobspec.GroupLabel]; group != "" {
			ids = append(ids, group)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// Find returns the run with an id or, where there is none, the runs that were started together under it, in their
// order. Its error is ErrNoRun when there are none either.
func (c *Cluster) Find(ctx context.Context, id string) ([]Run, error) {
	for _, label := range []string{jobspec.RunLabel, jobspec.GroupLabel} {
		found, err := c.runs(ctx, ours+","+label+"="+id)
		if err != nil || len(found) > 0 {
			slices.SortStableFunc(found, func(a, b Run) int { return place(a) - place(b) })
			return found, err
		}
	}
	where := "in namespace " + c.namespace
	if c.namespace == AllNamespaces {
		where = "in any namespace"
	}
	return nil, fmt.Errorf("%w: %w", ErrNoRun, &handoff.Problem{
		Cause: "there is no run " + id + " " + where,
		Remedy: "kubectl kfpperf list -A shows the runs that there are. One whose result was collected is removed soon after, and the result " +
			"is where that was done.",
	})
}

// place is the number that ends the id of a run of a group; see jobspec.RunIDs.
func place(r Run) int {
	n, err := strconv.Atoi(strings.TrimPrefix(r.ID, r.Group+"-"))
	if err != nil {
		return 0
	}
	return n
}

// runs returns the runs whose Jobs and pods a selector selects.
func (c *Cluster) runs(ctx context.Context, selector string) ([]Run, error) {
	jobs, err := c.jobs(ctx, selector)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	pods, err := c.podsOf(ctx, selector)
	if err != nil {
		return nil, err
	}
	found := make([]Run, len(jobs))
	for i := range jobs {
		job := &jobs[i]
		at := slices.IndexFunc(pods, func(p corev1.Pod) bool {
			return p.Namespace == job.Namespace && p.Labels[jobspec.RunLabel] == job.Labels[jobspec.RunLabel]
		})
		if at < 0 {
			found[i] = runOf(job, nil)
			continue
		}
		found[i] = runOf(job, &pods[at])
	}
	slices.SortStableFunc(found, func(a, b Run) int { return a.Created.Compare(b.Created) })
	return found, nil
}

// jobs returns the Jobs of runs that a selector selects. Those that bear our labels and another name are not ours.
func (c *Cluster) jobs(ctx context.Context, selector string) ([]batchv1.Job, error) {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	list, err := c.client.BatchV1().Jobs(c.namespace).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, c.unlisted("jobs", err)
	}
	return slices.DeleteFunc(list.Items, func(job batchv1.Job) bool {
		id := job.Labels[jobspec.RunLabel]
		return id == "" || job.Name != jobspec.JobName(id)
	}), nil
}

// podsOf returns the pods that a selector selects, in the order in which they are a run's, see pods.
func (c *Cluster) podsOf(ctx context.Context, selector string) ([]corev1.Pod, error) {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	list, err := c.client.CoreV1().Pods(c.namespace).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, c.unlisted("pods", err)
	}
	sortPods(list.Items)
	return list.Items, nil
}

// unlisted explains why something could not be listed.
func (c *Cluster) unlisted(resource string, err error) error {
	if !apierrors.IsForbidden(err) {
		return c.unreachable(fmt.Errorf("listing %s: %w", resource, err))
	}
	if c.namespace == AllNamespaces {
		return &handoff.Problem{
			Cause: "you may not list " + resource + " in all namespaces", Evidence: err.Error(),
			Remedy: "Leave out -A and choose a namespace with -n.",
		}
	}
	return c.denied(right{verb: "list", resource: resource}, err.Error())
}
