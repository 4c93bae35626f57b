//go:build e2e && !multiuser

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"
)

// TestAWorkerThatIsHeldBackSaysSo gives the runner a twentieth of a processor: the server is as quick as ever,
// and the result must not say otherwise.
func TestAWorkerThatIsHeldBackSaysSo(t *testing.T) {
	namespace := drive.NewNamespace(t)
	file := drive.ScenarioFile(t, "throttled.json", `[{"mode": "RANDOM_GETS", "runTime": "20s", "load": {"rate": "300/s", "maxInFlight": 5000},
		"drain": "20s", "reads": {"weights": {"ListExperiments": 1}}}]`)
	document, err := scenario.Load(file, scenario.Sources{})
	if err != nil {
		t.Fatal(err)
	}
	objects, err := jobspec.Build(document, jobspec.Options{
		RunID: "throttled", Namespace: namespace, Image: drive.Image(t), ServiceAccount: "default",
		KFP: jobspec.KFP{URL: jobspec.DefaultKFPURL, Namespace: drive.KFPNamespace}, Drain: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	runner := &objects.Job.Spec.Template.Spec.Containers[0]
	runner.Resources.Limits["cpu"], runner.Resources.Requests["cpu"] = resource.MustParse("50m"), resource.MustParse("50m")
	for _, object := range []any{objects.ConfigMaps[0], objects.Job} {
		manifest, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		drive.Apply(t, string(manifest))
	}
	d := shipped(t, namespace, objects.Job.Name)
	reasons := strings.Join(d.Verdict.Reasons, "\n")
	t.Logf("%s: %s\n%+v", d.Verdict.Status, reasons, d.Resources.Worker)
	if d.Verdict.Status != result.Invalid || !strings.Contains(reasons, "held back by its CPU limit of 50 m") {
		t.Errorf("verdict %+v", d.Verdict)
	}
}

// shipped waits for the results of a Job that nobody follows, and reads them as the plugin does.
func shipped(t *testing.T, namespace, job string) *result.Document {
	t.Helper()
	drive.Eventually(t, 3*time.Minute, "the result is shipped", func() (bool, string) {
		code := drive.Kubectl(t, "get", "pods", "-n", namespace, "-l", "job-name="+job,
			"-o", fmt.Sprintf(`jsonpath={.items[0].status.containerStatuses[?(@.name=="%s")].state.terminated.exitCode}`, handoff.ResultsContainer))
		return code != "", code
	})
	content, err := handoff.ReadFrames(strings.NewReader(drive.Kubectl(t, "logs", "-n", namespace, "job/"+job, "-c", handoff.ResultsContainer)))
	if err != nil {
		t.Fatal(err)
	}
	d, err := result.Decode(content)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
