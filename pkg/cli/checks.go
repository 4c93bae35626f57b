package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/distribution/reference"
	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// glimpse is what a look at KFP through the Kubernetes API tells, for all namespaces.
type glimpse struct {
	reachable handoff.Check
	mode      cluster.Tenancy
}

func glanceAt(ctx context.Context, c *cluster.Cluster, url string) glimpse {
	check, mode := c.Glance(ctx, url)
	return glimpse{check, mode}
}

// cheapChecks are those that run makes, too: some twenty questions to the Kubernetes API, which change nothing.
// The error says that it could not be asked.
func cheapChecks(ctx context.Context, c *cluster.Cluster, document *scenario.Document, objects *jobspec.Objects, kfp kfpOptions, seen glimpse) ([]handoff.Check, error) {
	checks := []handoff.Check{checkImage(runnerImage(objects))}
	found, err := c.Preflight(ctx, objects)
	checks = append(checks, found...)
	if err != nil || found[0].Status == handoff.Failed {
		return checks, err // nothing more can be said of a namespace that is not there
	}
	checks = append(checks, seen.reachable)
	switch {
	case kfp.user != "":
		return append(checks, handoff.Doubt(cluster.CheckKFP, "KFP is shown the name "+kfp.user+", and only it knows what that may do",
			"Add --probe: then KFP itself is asked.")), nil
	case kfp.auth == handoff.AuthNone && seen.mode == cluster.MultiUser:
		return append(checks, handoff.Fail(cluster.CheckKFP, &handoff.Problem{
			Cause: "KFP is multi-user, and with --" + flagAuth + " none it is not told who calls", Remedy: "Leave --" + flagAuth + " at auto or set it to token.",
		})), nil
	}
	if len(withName(failed(found), cluster.CheckAccount)) > 0 {
		return checks, nil
	}
	rights, err := c.CheckKFPRights(ctx, objects.Job.Spec.Template.Spec.ServiceAccountName, kfpRights(document, kfp.keep), seen.mode)
	return append(checks, rights), err
}

// runnerImage is the image of the runner, wherever a patch puts it.
func runnerImage(objects *jobspec.Objects) string {
	for _, container := range objects.Job.Spec.Template.Spec.Containers {
		if container.Name == handoff.RunnerContainer {
			return container.Image
		}
	}
	return ""
}

// checkImage looks at the image's name, and no further: the nodes pull it.
func checkImage(image string) handoff.Check {
	const name = "image reference"
	parsed, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return handoff.Fail(name, &handoff.Problem{
			Cause: fmt.Sprintf("%q is no image name", image), Evidence: err.Error(),
			Remedy: "Give the name as the cluster pulls it with --image.",
		})
	}
	return handoff.Pass(name, reference.FamiliarString(reference.TagNameOnly(parsed)))
}

// kfpRights are what KFP's server demands, whatever it holds, of who carries a scenario out. What may not be needed is
// not among them: a run is not refused for it. Without those that only help, what it makes is not deleted. The names are
// KFP's own: jobs are recurring runs.
func kfpRights(document *scenario.Document, keep string) []cluster.KFPRight {
	needs := map[scenario.Mode]string{
		scenario.PipelineRun:          "create pipelines, list experiments, create runs, list runs",
		scenario.Experiment:           "create pipelines, create experiments, create runs, list runs",
		scenario.RandomGets:           "list runs",
		scenario.PipelineUpload:       "create pipelines, list runs",
		scenario.PipelineScheduledRun: "create pipelines, create experiments, create jobs, list jobs, disable jobs, delete jobs, list runs",
	}
	var rights []cluster.KFPRight
	known := map[cluster.KFPRight]bool{}
	add := func(all string, helps bool) {
		for need := range strings.SplitSeq(all, ", ") {
			verb, resource, _ := strings.Cut(need, " ")
			right := cluster.KFPRight{Verb: verb, Resource: resource}
			if known[right] {
				continue
			}
			known[right] = true
			right.Helps = helps
			rights = append(rights, right)
		}
	}
	makes := false
	for _, entry := range document.Entries {
		add(needs[entry.Mode], false)
		if entry.Terminate {
			add("terminate runs", false)
		}
		makes = makes || entry.Mode != scenario.RandomGets
	}
	if makes && keep != string(result.KeepAll) {
		add("list jobs, list experiments, terminate runs, delete runs, delete experiments, list pipelines, delete pipelines", true)
	}
	return rights
}

// failed returns the checks that failed.
func failed(checks []handoff.Check) []handoff.Check { return withStatus(checks, handoff.Failed) }

// passed counts the checks that passed.
func passed(checks []handoff.Check) int { return len(withStatus(checks, handoff.Passed)) }

func withName(checks []handoff.Check, name string) []handoff.Check {
	return slices.DeleteFunc(checks, func(c handoff.Check) bool { return c.Name != name })
}

func withStatus(checks []handoff.Check, status handoff.Status) []handoff.Check {
	var found []handoff.Check
	for _, check := range checks {
		if check.Status == status {
			found = append(found, check)
		}
	}
	return found
}

// failedOf says how many checks failed.
func failedOf(checks []handoff.Check) string {
	return fmt.Sprintf("%d of %s failed", len(failed(checks)), count(len(checks), "check", "checks"))
}
