package jobspec

import (
	"os"
	"path"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/manifests"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/resource"
	"sigs.k8s.io/yaml"
)

const folder = "../../manifests"

func TestEveryManifestIsStrictlyOfItsKind(t *testing.T) {
	files, err := filepath.Glob(folder + "/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var kind struct{ Kind string }
		if err := yaml.Unmarshal(content, &kind); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		into := map[string]any{
			"Job": &batchv1.Job{}, "ConfigMap": &corev1.ConfigMap{},
			"Kustomization": &struct {
				APIVersion, Kind string
				Resources        []string
			}{},
		}[kind.Kind]
		if into == nil {
			t.Errorf("%s is of kind %q, which this test does not know", file, kind.Kind)
		} else if err := yaml.UnmarshalStrict(content, into); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// applied returns what `kubectl apply -k manifests` would send, by way of kubectl's own code.
func applied(t *testing.T) (job batchv1.Job, configMap corev1.ConfigMap) {
	t.Helper()
	infos, err := resource.NewLocalBuilder().Unstructured().
		FilenameParam(false, &resource.FilenameOptions{Kustomize: folder}).Flatten().Do().Infos()
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != 2 {
		t.Fatalf("%d objects", len(infos))
	}
	for _, info := range infos {
		object := info.Object.(*unstructured.Unstructured)
		into := map[string]any{"Job": &job, "ConfigMap": &configMap}[object.GetKind()]
		if err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(object.Object, into, true); err != nil {
			t.Fatalf("%s: %v", object.GetKind(), err)
		}
	}
	return job, configMap
}

func TestKubectlAppliesTheJobThatTheCLIFillsIn(t *testing.T) {
	job, configMap := applied(t)
	var embedded batchv1.Job
	if err := yaml.UnmarshalStrict(manifests.Job, &embedded); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(job, embedded) {
		t.Errorf("kubectl makes of manifests/job.yaml\n%+v\nwe\n%+v", job, embedded)
	}
	pod := job.Spec.Template.Spec
	source := pod.Volumes[0].Projected.Sources[0].ConfigMap.Name
	if source != configMap.Name {
		t.Errorf("the job mounts ConfigMap %q, the one that is applied is %q", source, configMap.Name)
	}
	for _, variable := range pod.Containers[0].Env {
		if variable.Name != handoff.EnvScenarioFile {
			continue
		}
		if _, found := configMap.Data[variable.Value]; !found {
			t.Errorf("the job runs %s, the ConfigMap has %v", variable.Value, configMap.Data)
		}
	}
}

func TestAppliedScenarioIsTheShippedOne(t *testing.T) {
	_, configMap := applied(t)
	const name = "smoke-noop.json"
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(configMap.Data[name]), 0o600); err != nil {
		t.Fatal(err)
	}
	sources := scenario.Sources{Shipped: scenarios.FS}
	applied, err := scenario.Load(file, sources)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := scenario.Load(name, sources)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(applied, shipped) {
		t.Errorf("applied is %+v, shipped %+v", applied.Entries, shipped.Entries)
	}
}

// TestManifestKeepsTheContract compares what job.yaml spells out with what the worker expects.
func TestManifestKeepsTheContract(t *testing.T) {
	var job batchv1.Job
	if err := yaml.UnmarshalStrict(manifests.Job, &job); err != nil {
		t.Fatal(err)
	}
	pod := job.Spec.Template.Spec
	runner, results := pod.Containers[0], pod.Containers[1]
	if runner.Name != handoff.RunnerContainer || results.Name != handoff.ResultsContainer {
		t.Errorf("containers %s and %s", runner.Name, results.Name)
	}
	mounts := map[string]string{}
	for _, mount := range append(runner.VolumeMounts, results.VolumeMounts...) {
		mounts[mount.Name] = mount.MountPath
	}
	want := map[string]string{
		"scenario": handoff.ScenarioDir, "out": handoff.OutDir, "kfp-token": path.Dir(handoff.TokenPath),
		"kubernetes-token": handoff.KubernetesDir, "request": handoff.RequestDir,
	}
	if !reflect.DeepEqual(mounts, want) {
		t.Errorf("mounts %v, want %v", mounts, want)
	}
	asked := map[string]string{}
	for _, item := range volume(t, &Objects{Job: &job}, "request").DownwardAPI.Items {
		asked[item.Path] = item.FieldRef.FieldPath
	}
	if want := map[string]string{
		handoff.StopFile:    "metadata.annotations['" + handoff.StopAnnotation + "']",
		handoff.CollectFile: "metadata.annotations['" + handoff.CollectAnnotation + "']",
	}; !reflect.DeepEqual(asked, want) {
		t.Errorf("annotations %v, want %v", asked, want)
	}
	token := volume(t, &Objects{Job: &job}, "kfp-token").Projected.Sources[0].ServiceAccountToken
	if token.Audience != handoff.TokenAudience || token.Path != path.Base(handoff.TokenPath) {
		t.Errorf("token %+v", token)
	}
	known := map[string]string{}
	for _, variable := range runner.Env {
		if variable.Name == handoff.EnvProtocol && variable.Value != "1" {
			t.Errorf("job.yaml speaks protocol %s, the worker %d", variable.Value, handoff.Protocol)
		}
		if variable.ValueFrom != nil {
			known[variable.Name] = variable.ValueFrom.FieldRef.FieldPath
		}
	}
	for name, field := range map[string]string{
		handoff.EnvPod: "metadata.name", handoff.EnvPodUID: "metadata.uid",
		handoff.EnvJobUID: "metadata.labels['" + batchv1.ControllerUidLabel + "']",
	} {
		if known[name] != field {
			t.Errorf("the runner's %s is %q, want %q", name, known[name], field)
		}
	}
}
