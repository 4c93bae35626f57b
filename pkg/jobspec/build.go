// Package jobspec turns a scenario and options into the Kubernetes objects of a run. It is pure: it
// fills in the YAML of manifests/ and talks to no cluster.
package jobspec

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/manifests"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// backstop is what a Job may take beyond the scenario's own end, for its start and for a server in trouble,
// before Kubernetes ends it: a deadline deletes the pod, and its logs with it.
const backstop = time.Hour

// tokenVolume is the volume of manifests/job.yaml that holds the token for KFP.
const tokenVolume = "kfp-token"

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
	maps.Copy(job.Labels, o.Pod.Labels)
	job.Annotations = maps.Clone(o.Pod.Annotations)
	annotate(&job.ObjectMeta, ScenarioAnnotation, doc.Name)
	deadline := int64((doc.End(o.Drain) + o.CleanupTimeout + backstop).Seconds())
	job.Spec.ActiveDeadlineSeconds = &deadline
	template := &job.Spec.Template
	fillPod(template, doc, o)
	mountScenario(&template.Spec, configMaps)
	showToken(&template.Spec, o.KFP)
	if err := shape(template, o.Pod); err != nil {
		return nil, &PatchError{err}
	}
	return &Objects{ConfigMaps: configMaps, Job: &job}, nil
}

// annotate gives an object an annotation, of as much of a text as people read.
func annotate(object *metav1.ObjectMeta, name, text string) {
	const most = 200
	if len(text) > most {
		text = text[:most] + "…"
	}
	if object.Annotations == nil {
		object.Annotations = map[string]string{}
	}
	object.Annotations[name] = strings.ToValidUTF8(text, "")
}

// fillPod puts the run into the pod's template.
func fillPod(template *corev1.PodTemplateSpec, doc *scenario.Document, o Options) {
	maps.Copy(template.Labels, meta(o, "").Labels)
	pod := &template.Spec
	pod.ServiceAccountName = o.ServiceAccount
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
				fieldEnv(handoff.EnvPod, "metadata.name"), fieldEnv(handoff.EnvPodUID, "metadata.uid"),
				fieldEnv(handoff.EnvJobUID, "metadata.labels['"+batchv1.ControllerUidLabel+"']"),
				corev1.EnvVar{Name: handoff.EnvNamespace, Value: o.Namespace},
				corev1.EnvVar{Name: handoff.EnvScenarioFile, Value: doc.FileName()})
			container.Args = runnerArgs(o)
		}
	}
}

// fieldEnv is a variable that holds a field of the pod.
func fieldEnv(name, path string) corev1.EnvVar {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}}
}

// runnerArgs are what the runner is told beside its environment.
func runnerArgs(o Options) []string {
	args := []string{"worker", cmp.Or(o.Verb, "run"), "--kfp-url=" + o.KFP.URL, "--kfp-namespace=" + o.KFP.Namespace, "--drain=" + o.Drain.String()}
	add := func(given bool, arg string) {
		if given {
			args = append(args, arg)
		}
	}
	add(o.DisableCache, "--disable-cache")
	add(o.KFP.Auth != "" && o.KFP.Auth != handoff.AuthAuto, "--auth="+string(o.KFP.Auth))
	add(o.KFP.User != "", "--kfp-user="+o.KFP.User)
	add(o.KFP.User != "" && o.KFP.UserHeader != "", "--kfp-user-header="+o.KFP.UserHeader)
	add(len(o.KFP.Authorities) > 0, "--kfp-ca-file="+path.Join(handoff.ScenarioDir, handoff.AuthoritiesFile))
	add(o.KFP.InsecureSkipVerify, "--kfp-insecure-skip-tls-verify")
	add(o.LogLevel != "", "--log-level="+o.LogLevel)
	add(o.Keep != "", "--keep="+o.Keep)
	add(o.CleanupTimeout != 0, "--cleanup-timeout="+o.CleanupTimeout.String())
	return append(args, o.VerbArgs...)
}

// showToken gives the runner the token that KFP wants, or none.
func showToken(pod *corev1.PodSpec, k KFP) {
	if k.Auth == handoff.AuthNone {
		pod.Volumes = slices.DeleteFunc(pod.Volumes, func(v corev1.Volume) bool { return v.Name == tokenVolume })
		for i := range pod.Containers {
			container := &pod.Containers[i]
			container.VolumeMounts = slices.DeleteFunc(container.VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == tokenVolume })
		}
		return
	}
	if k.Audience == "" {
		return
	}
	for _, volume := range pod.Volumes {
		if volume.Name == tokenVolume {
			volume.Projected.Sources[0].ServiceAccountToken.Audience = k.Audience
		}
	}
}
