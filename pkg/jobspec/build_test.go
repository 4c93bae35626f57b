package jobspec

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// small is a scenario of two entries, the second of which ends last: after 7 minutes.
func small() *scenario.Document {
	return &scenario.Document{
		Name: "small",
		Entries: []scenario.Entry{
			{Mode: scenario.PipelineRun, RunTime: scenario.Duration(5 * time.Minute), NumTimes: 2, PipelineFileName: "noop.yaml"},
			{
				Mode: scenario.Experiment, StartTime: scenario.Duration(4 * time.Minute), RunTime: scenario.Duration(3 * time.Minute),
				NumTimes: 1, PipelineFileName: "sub/other.yaml", Params: map[string]any{"greeting": "hello"},
			},
		},
		Pipelines: map[string][]byte{
			"noop.yaml":      []byte("kind: Workflow\nmetadata: {name: noop}\n"),
			"sub/other.yaml": []byte("kind: Workflow\nmetadata: {name: other}\n"),
		},
	}
}

// minimal are options that leave every choice at its default.
func minimal() Options {
	return Options{
		RunID: "small-abc234", Namespace: "team-a", Image: "registry.example.com/kfpperf:v1",
		ServiceAccount: "default-editor", KFP: KFP{URL: DefaultKFPURL, Namespace: DefaultKFPNamespace}, Drain: 10 * time.Minute,
	}
}

func everyOption() Options {
	o := minimal()
	o.ServiceAccount = "load"
	o.KFP = KFP{
		URL: "https://kfp.example.com/pipeline", Namespace: "pipelines", Auth: handoff.AuthToken, Audience: "kfp.example.com",
		Authorities: []byte("-----BEGIN CERTIFICATE-----\n"), InsecureSkipVerify: true,
	}
	o.Drain = 90 * time.Second
	o.Keep, o.CleanupTimeout = "none", 2*time.Minute
	o.DisableCache, o.LogLevel = true, "debug"
	o.Pod = Pod{
		ImagePullSecrets: []string{"registry", "mirror"},
		NodeSelector:     map[string]string{"pool": "load"},
		Tolerations:      []corev1.Toleration{{Key: "pool", Operator: corev1.TolerationOpExists}},
		Resources: corev1.ResourceRequirements{
			Requests: corev1.ResourceList{"cpu": resource.MustParse("100m"), "memory": resource.MustParse("1Gi")},
			Limits:   corev1.ResourceList{"ephemeral-storage": resource.MustParse("2Gi")},
		},
		PriorityClass: "low", Labels: map[string]string{"team": "ml"}, Annotations: map[string]string{"example.com/cost": "42"},
		Patch: []byte(`{"spec": {"dnsPolicy": "Default"}}`),
	}
	return o
}

func build(t *testing.T, doc *scenario.Document, o Options) *Objects {
	t.Helper()
	objects, err := Build(doc, o)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// golden compares an object with a file of testdata, or writes the file when KFPPERF_UPDATE is 1.
func golden(t *testing.T, name string, object any) {
	t.Helper()
	got, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if os.Getenv("KFPPERF_UPDATE") == "1" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs (KFPPERF_UPDATE=1 writes it); got\n%s", file, got)
	}
}

func TestJobIsTheGoldenOne(t *testing.T) {
	golden(t, "job-minimal.yaml", build(t, small(), minimal()).Job)
	golden(t, "job-every-option.yaml", build(t, small(), everyOption()).Job)
}

func TestBuildingTwiceGivesTheSame(t *testing.T) {
	doc, o := small(), everyOption()
	first := build(t, doc, o)
	first.Job.Labels[RunLabel], first.Job.Spec.Template.Spec.Containers[0].Image = "changed", "changed"
	if second := build(t, doc, o); !reflect.DeepEqual(second, build(t, doc, o)) || second.Job.Labels[RunLabel] != o.RunID {
		t.Error("what was built before shows in what is built now")
	}
	if !reflect.DeepEqual(doc, small()) || !reflect.DeepEqual(o, everyOption()) {
		t.Error("building changed its input")
	}
}

func TestEveryObjectIsLabelled(t *testing.T) {
	objects := build(t, small(), minimal())
	metas := map[string]metav1.ObjectMeta{"job": objects.Job.ObjectMeta, "pod": objects.Job.Spec.Template.ObjectMeta}
	for _, configMap := range objects.ConfigMaps {
		metas[configMap.Name] = configMap.ObjectMeta
	}
	for what, meta := range metas {
		for label, want := range map[string]string{
			"app.kubernetes.io/name": "kfpperf", ManagedByLabel: ManagedBy, RunLabel: "small-abc234",
		} {
			if meta.Labels[label] != want {
				t.Errorf("%s: label %s is %q, want %q", what, label, meta.Labels[label], want)
			}
		}
		if what != "pod" && meta.Namespace != "team-a" {
			t.Errorf("%s: namespace %q", what, meta.Namespace)
		}
	}
	if inject := objects.Job.Spec.Template.Labels["sidecar.istio.io/inject"]; inject != "false" {
		t.Errorf("the pod asks for a sidecar: %q", inject)
	}
}

func TestAGroupIsALabelOfEveryObject(t *testing.T) {
	o := minimal()
	o.RunID, o.Group = "small-abc234-2", "small-abc234"
	objects := build(t, small(), o)
	for what, labels := range map[string]map[string]string{
		"job": objects.Job.Labels, "pod": objects.Job.Spec.Template.Labels, "configmap": objects.ConfigMaps[0].Labels,
	} {
		if labels[GroupLabel] != "small-abc234" || labels[RunLabel] != "small-abc234-2" {
			t.Errorf("%s: labels %v", what, labels)
		}
	}
	if _, labelled := build(t, small(), minimal()).Job.Labels[GroupLabel]; labelled {
		t.Error("a run by itself is in a group")
	}
}

func TestOptionsReachTheRunner(t *testing.T) {
	for name, test := range map[string]struct {
		options Options
		args    []string
	}{
		"minimal": {minimal(), []string{"worker", "run", "--kfp-url=" + DefaultKFPURL, "--kfp-namespace=kubeflow", "--drain=10m0s"}},
		"every option": {everyOption(), []string{
			"worker", "run", "--kfp-url=https://kfp.example.com/pipeline", "--kfp-namespace=pipelines", "--drain=1m30s",
			"--disable-cache", "--auth=token", "--kfp-ca-file=/kfpperf/scenario/kfp-ca.crt", "--kfp-insecure-skip-tls-verify", "--log-level=debug", "--keep=none", "--cleanup-timeout=2m0s",
		}},
	} {
		pod := build(t, small(), test.options).Job.Spec.Template.Spec
		runner, results := pod.Containers[0], pod.Containers[1]
		if !reflect.DeepEqual(runner.Args, test.args) {
			t.Errorf("%s: arguments %q, want %q", name, runner.Args, test.args)
		}
		common := []corev1.EnvVar{{Name: handoff.EnvRunID, Value: "small-abc234"}, {Name: handoff.EnvProtocol, Value: "1"}}
		if !reflect.DeepEqual(results.Env, common) || !reflect.DeepEqual(results.Args, []string{"worker", "results"}) {
			t.Errorf("%s: the results container gets %v and %q", name, results.Env, results.Args)
		}
		own := []corev1.EnvVar{
			{Name: handoff.EnvImage, Value: test.options.Image},
			fieldEnv(handoff.EnvPod, "metadata.name"), fieldEnv(handoff.EnvPodUID, "metadata.uid"),
			fieldEnv(handoff.EnvJobUID, "metadata.labels['batch.kubernetes.io/controller-uid']"),
			{Name: handoff.EnvNamespace, Value: "team-a"}, {Name: handoff.EnvScenarioFile, Value: "small.json"},
		}
		if want := slices.Concat(common, own); !reflect.DeepEqual(runner.Env, want) {
			t.Errorf("%s: environment %v, want %v", name, runner.Env, want)
		}
		if runner.Image != test.options.Image || results.Image != test.options.Image {
			t.Errorf("%s: images %s and %s", name, runner.Image, results.Image)
		}
	}
}

func TestDeadlineIsWellBeyondTheScenario(t *testing.T) {
	patient := small()
	drain := scenario.Duration(40 * time.Minute)
	patient.Entries[0].Drain = &drain
	for _, test := range []struct {
		document *scenario.Document
		want     time.Duration
	}{{small(), 7*time.Minute + 10*time.Minute}, {patient, 5*time.Minute + 40*time.Minute}} {
		want := int64((test.want + time.Hour).Seconds())
		if got := *build(t, test.document, minimal()).Job.Spec.ActiveDeadlineSeconds; got != want {
			t.Errorf("deadline %d s, want %d s", got, want)
		}
	}
}
