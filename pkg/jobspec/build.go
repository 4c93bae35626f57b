// Package jobspec turns a scenario and options into the Kubernetes objects of a run. It is pure: it
// fills in the YAML of manifests/ and talks to no cluster.
package jobspec

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/manifests"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// Where KFP is in a standard installation: its API server, seen from any pod, and its pods.
const (
	DefaultKFPURL       = "http://ml-pipeline.kubeflow.svc:8888"
	DefaultKFPNamespace = "kubeflow"
)

// backstop is what a Job may take beyond the scenario's own end, for its start and for a server in trouble,
// before Kubernetes ends it: a deadline deletes the pod, and its logs with it.
const backstop = time.Hour

// Options are what a run is made from, beside its scenario.
type Options struct {
	// RunID names the run and, through it, every object.
	RunID string
	// Group is what the ids of runs have in common that are started together; empty for a run by itself.
	Group string
	// Namespace is the Job's, and KFP's in multi-user mode.
	Namespace string
	// Image is the product's image.
	Image string
	// ImagePullSecrets are names of Secrets in Namespace.
	ImagePullSecrets []string
	// ServiceAccount is the pod's identity, and KFP's user in multi-user mode.
	ServiceAccount string
	// KFPURL is KFP's API server, seen from a pod.
	KFPURL string
	// KFPNamespace is where KFP's own pods are.
	KFPNamespace string
	// Drain bounds the waiting for runs after the last start, in entries that do not say.
	Drain time.Duration
	// DisableCache switches KFP's step caching off.
	DisableCache bool
	// InsecureSkipVerify accepts any certificate of KFP's.
	InsecureSkipVerify bool
	// LogLevel is the worker's.
	LogLevel string
}

// Objects are what a run puts into its namespace.
type Objects struct {
	ConfigMaps []*corev1.ConfigMap
	Job        *batchv1.Job
}

// Build makes the objects of a run. It fails when the scenario and its pipelines are too large for
// MaxChunks ConfigMaps.
func Build(doc *scenario.Document, o Options) (*Objects, error) {
	var job batchv1.Job
	if err := yaml.UnmarshalStrict(manifests.Job, &job); err != nil {
		return nil, fmt.Errorf("reading manifests/job.yaml: %w", err)
	}
	configMaps, err := configMaps(doc, o)
	if err != nil {
		return nil, err
	}
	job.ObjectMeta = meta(o, JobName(o.RunID))
	deadline := int64((doc.End(o.Drain) + backstop).Seconds())
	job.Spec.ActiveDeadlineSeconds = &deadline
	fillPod(&job.Spec.Template, doc, o)
	mountScenario(&job.Spec.Template.Spec, configMaps)
	return &Objects{ConfigMaps: configMaps, Job: &job}, nil
}

// fillPod puts the run into the pod's template.
func fillPod(template *corev1.PodTemplateSpec, doc *scenario.Document, o Options) {
	for label, value := range meta(o, "").Labels {
		template.Labels[label] = value
	}
	pod := &template.Spec
	pod.ServiceAccountName = o.ServiceAccount
	for _, secret := range o.ImagePullSecrets {
		pod.ImagePullSecrets = append(pod.ImagePullSecrets, corev1.LocalObjectReference{Name: secret})
	}
	for i := range pod.Containers {
		container := &pod.Containers[i]
		container.Image = o.Image
		container.Env = []corev1.EnvVar{
			{Name: handoff.EnvRunID, Value: o.RunID},
			{Name: handoff.EnvProtocol, Value: strconv.Itoa(handoff.Protocol)},
		}
		if container.Name == handoff.RunnerContainer {
			container.Env = append(container.Env,
				corev1.EnvVar{Name: handoff.EnvImage, Value: o.Image},
				corev1.EnvVar{Name: handoff.EnvPod, ValueFrom: &corev1.EnvVarSource{
					FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"},
				}},
				corev1.EnvVar{Name: handoff.EnvNamespace, Value: o.Namespace},
				corev1.EnvVar{Name: handoff.EnvScenarioFile, Value: doc.FileName()})
			container.Args = append(container.Args, runnerFlags(o)...)
		}
	}
}

// runnerFlags are what the runner is told beside its environment.
func runnerFlags(o Options) []string {
	flags := []string{"--kfp-url=" + o.KFPURL, "--kfp-namespace=" + o.KFPNamespace, "--drain=" + o.Drain.String()}
	if o.DisableCache {
		flags = append(flags, "--disable-cache")
	}
	if o.InsecureSkipVerify {
		flags = append(flags, "--kfp-insecure-skip-tls-verify")
	}
	if o.LogLevel != "" {
		flags = append(flags, "--log-level="+o.LogLevel)
	}
	return flags
}
