//go:build e2e && !multiuser

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
)

// longEnough outlasts a look at the pods, and metrics-server's own.
const longEnough = `[{"mode": "RANDOM_GETS", "runTime": "40s", "load": {"rate": "5/s"}, "reads": {"weights": {"ListExperiments": 1}}},
	{"mode": "PIPELINE_RUN", "runTime": 1, "numTimes": 2, "pipelineFileName": "noop.yaml"}]`

func TestWhatIsUsedIsMeasuredWhereItMayBe(t *testing.T) {
	drive.NeedsOwnCluster(t) // others need not have metrics-server
	observe(t)
	done := drive.Run(t, drive.UserNamespace, drive.ScenarioFile(t, "used.json", longEnough))
	done.Expect(t, drive.ExitDone, "this tool", "ml-pipeline", "Kubernetes v1.", "server's clock")
	d := done.Result(t)
	for _, name := range []string{"ml-pipeline", "workflow-controller", "ml-pipeline-persistenceagent"} {
		i := slices.IndexFunc(d.Resources.Components, func(c result.ComponentUse) bool { return c.Name == name })
		if i < 0 {
			t.Errorf("no %s among %+v", name, d.Resources.Components)
			continue
		}
		if c := d.Resources.Components[i]; c.Pods != 1 || c.CPUMilli.Count() == 0 || c.MemoryBytes.Max() < 1<<20 || c.Restarts != 0 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if w := d.Resources.Worker; w == nil || w.CPUSeconds <= 0 || w.CPULimitMilli != 1000 || w.MemoryBytes.Max() < 1<<20 || w.ThrottledSeconds == nil || w.MemoryLimitBytes == nil {
		t.Errorf("the worker used %+v", w)
	}
	e := d.Environment
	if len(e.Nodes) == 0 || e.Node == "" || e.ImageDigest == "" || e.Clock == nil || !e.Clock.Known() {
		t.Errorf("environment %+v", e)
	}
	if offset, _ := e.Clock.Ahead(); offset.Abs() > time.Second {
		t.Errorf("two clocks of one machine are %s apart", offset)
	}
	if len(d.ServerCounts) == 0 {
		t.Errorf("KFP's server counted nothing: %+v", d.NotMeasured)
	}
}

func TestARunPassesWithoutMetricsServer(t *testing.T) {
	drive.NeedsOwnCluster(t)
	observe(t)
	scale := func(replicas string) {
		drive.Kubectl(t, "scale", "deployment/metrics-server", "-n", "kube-system", "--replicas="+replicas)
	}
	t.Cleanup(func() {
		scale("1")
		drive.Kubectl(t, "rollout", "status", "deployment/metrics-server", "-n", "kube-system", "--timeout=2m")
	})
	scale("0")
	drive.Eventually(t, time.Minute, "no pod of metrics-server", func() (bool, string) {
		pods := drive.Kubectl(t, "get", "pods", "-n", "kube-system", "-l", "k8s-app=metrics-server", "-o", "name")
		return pods == "", pods
	})
	done := drive.Run(t, drive.UserNamespace, "smoke-noop.json")
	done.Expect(t, drive.ExitDone, "2/2")
	d := done.Result(t)
	missing(t, d, "resources.components.cpuMilli", "metrics.k8s.io is registered but not available")
	for _, c := range d.Resources.Components {
		if c.CPUMilli.Count() > 0 || c.MemoryBytes.Count() > 0 {
			t.Errorf("figures all the same: %+v", c)
		}
	}
}

func TestAnAccountThatMayNotLookSaysSo(t *testing.T) {
	namespace := drive.NewNamespace(t)
	done := drive.Run(t, namespace, "smoke-noop.json", "-o", "json")
	done.Expect(t, drive.ExitDone)
	d := done.Result(t)
	missing(t, d, "resources.components", "manifests/observer")
	if len(d.Resources.Components) > 0 {
		t.Errorf("components all the same: %+v", d.Resources.Components)
	}
}

// missing looks for what was not measured, and for the reason.
func missing(t *testing.T, d *result.Document, what, why string) {
	t.Helper()
	if !slices.ContainsFunc(d.NotMeasured, func(g result.Gap) bool { return strings.Contains(g.What, what) && strings.Contains(g.Why, why) }) {
		t.Errorf("%s: no %q among %+v", what, why, d.NotMeasured)
	}
}

// observe lets the accounts of the profile look at KFP's pods and at the nodes.
func observe(t *testing.T) {
	t.Helper()
	drive.Kubectl(t, "apply", "-k", "../../manifests/observer")
}
