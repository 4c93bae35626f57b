package cluster

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// settling is how old a ConfigMap without a Job must be that nobody named: a launch creates it first.
const settling = 15 * time.Minute

// Leftover is what is left of a run that nobody needs any more.
type Leftover struct {
	RunID string
	// Job is the Job's name, empty where there is none any more; ConfigMaps are names, too.
	Job        string
	ConfigMaps []string
}

// Leftovers are what runs have in the namespace.
type Leftovers struct {
	// Useless may be removed, in the order of the run ids.
	Useless []Leftover
	// Present are the runs that stay, each with why, a sentence without a final stop.
	Present map[string]string
}

// Leftovers looks for runs whose results are collected, or lost with their pods, and for ConfigMaps whose Jobs are gone.
// With run ids it looks for no others, and takes a run, too, whose pod is there to tell why it has no result.
func (c *Cluster) Leftovers(ctx context.Context, named ...string) (Leftovers, error) {
	runs, err := c.Runs(ctx)
	if err != nil {
		return Leftovers{}, err
	}
	configMaps, err := c.ownConfigMaps(ctx)
	if err != nil {
		return Leftovers{}, err
	}
	c.Inspect(ctx, runs) // a result may have outlived its pod
	asked := func(id string) bool { return id != "" && (len(named) == 0 || slices.Contains(named, id)) }
	found, left := Leftovers{Present: map[string]string{}}, map[string]*Leftover{}
	for _, r := range runs {
		if why := r.needed(len(named) > 0); why != "" {
			found.Present[r.ID] = why
		} else if asked(r.ID) {
			left[r.ID] = &Leftover{RunID: r.ID, Job: jobspec.JobName(r.ID)}
		}
	}
	for _, configMap := range configMaps {
		id := configMap.Labels[jobspec.RunLabel]
		young := time.Since(configMap.CreationTimestamp.Time) < settling
		if !asked(id) || found.Present[id] != "" || young && len(named) == 0 && left[id] == nil {
			continue
		}
		if left[id] == nil {
			left[id] = &Leftover{RunID: id}
		}
		left[id].ConfigMaps = append(left[id].ConfigMaps, configMap.Name)
	}
	for _, l := range left {
		found.Useless = append(found.Useless, *l)
	}
	slices.SortFunc(found.Useless, func(a, b Leftover) int { return strings.Compare(a.RunID, b.RunID) })
	return found, nil
}

// needed says why a run stays; empty where nobody needs it. A failure that nobody named is kept for who looks into it.
func (r Run) needed(named bool) string {
	switch {
	case r.Phase == PhaseCollected, r.Phase == PhaseFailed && (named || r.Pod == ""):
		return ""
	case r.Phase == PhaseFailed:
		return "its pod tells why it has no result"
	case r.Phase == PhaseEnded:
		return "its result was not collected"
	}
	return "it is under way"
}

func (c *Cluster) ownConfigMaps(ctx context.Context) ([]corev1.ConfigMap, error) {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	list, err := c.client.CoreV1().ConfigMaps(c.namespace).List(ctx, metav1.ListOptions{LabelSelector: ours})
	if err != nil {
		return nil, c.unlisted("configmaps", err)
	}
	return list.Items, nil
}

// RemoveLeftover deletes what is left of a run. It returns a *LeftError when something remains.
func (c *Cluster) RemoveLeftover(ctx context.Context, l Leftover) error {
	ctx, cancel := context.WithTimeout(ctx, removal)
	defer cancel()
	return c.removeNamed(ctx, l.Job, l.ConfigMaps)
}
