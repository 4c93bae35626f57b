package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// flagAllNamespaces is kubectl's own.
const flagAllNamespaces = "all-namespaces"

// runChoice is the run that a verb is about: its id or, of a run in several namespaces, what the ids of its parts have
// in common.
type runChoice struct {
	id  string
	all bool
}

func (c *runChoice) addFlag(flags *pflag.FlagSet) {
	flags.BoolVarP(&c.all, flagAllNamespaces, "A", false, "look in all namespaces")
}

// complete takes the argument. What is no name is none, and asks no cluster.
func (c *runChoice) complete(command *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s takes one RUN, not %d; kubectl kfpperf list shows them", command.Name(), len(args))
	}
	c.id = strings.TrimPrefix(args[0], jobspec.JobName("")) // the Job's name serves as well
	if len(validation.IsDNS1123Label(c.id)) > 0 {
		return fmt.Errorf("%q is no name of a run; kubectl kfpperf list shows them", args[0])
	}
	return nil
}

// find connects to the cluster and returns what was chosen there, with a namespace of its own for each part.
func (c *runChoice) find(ctx context.Context, kubernetes *genericclioptions.ConfigFlags, version string) (*cluster.Cluster, []cluster.Run, error) {
	connected, _, err := connect(kubernetes, "kubectl-kfpperf/"+version)
	if err != nil {
		return nil, nil, err
	}
	if c.all {
		connected = connected.In(cluster.AllNamespaces)
	}
	found, err := connected.Find(ctx, c.id)
	if ctx.Err() != nil {
		err = errInterrupted
	}
	if err != nil {
		return nil, nil, exitWith(exitNoStart, err)
	}
	connected.Inspect(ctx, found)
	return connected, found, nil
}

// adopt makes of runs that are in the cluster already what this process follows.
func (o *attendant) adopt(connected *cluster.Cluster, id string, found []cluster.Run) *clusterRun {
	r := &clusterRun{attendant: o, plan: plan{id: id}}
	for _, run := range found {
		r.namespaces, r.ids = append(r.namespaces, run.Namespace), append(r.ids, run.ID)
	}
	for _, run := range found {
		r.jobs = append(r.jobs, &clusterJob{
			attendant: o, cluster: connected.In(run.Namespace), namespace: run.Namespace, tag: r.tag(run.Namespace), id: run.ID,
			begun: run.Started != nil || run.Phase != cluster.PhasePending && run.Pod == "" || run.Phase == cluster.PhaseEnded,
		})
	}
	o.console.arrange(slices.Clone(r.namespaces))
	o.console.note("run %s in %s · %s", id, r.where(), whatItIs(found))
	return r
}

// whatItIs says of a run what it is and how far, as in "smoke · Running".
func whatItIs(found []cluster.Run) string {
	var phases []string
	for _, run := range found {
		if phase := string(run.Phase); !slices.Contains(phases, phase) {
			phases = append(phases, phase)
		}
	}
	words := strings.Join(phases, ", ")
	if scenario := found[0].Scenario; scenario != "" {
		words = scenario + " · " + words
	}
	return words
}
