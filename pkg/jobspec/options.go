package jobspec

import (
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	corev1 "k8s.io/api/core/v1"
)

// Where KFP is in a standard installation: its API server, seen from any pod, and its pods.
const (
	DefaultKFPURL       = "http://ml-pipeline.kubeflow.svc:8888"
	DefaultKFPNamespace = "kubeflow"
)

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
	// ServiceAccount is the pod's identity, and KFP's user in multi-user mode.
	ServiceAccount string
	// KFP says how the worker reaches KFP.
	KFP KFP
	// Pod shapes the pod.
	Pod Pod
	// Drain bounds the waiting for runs after the last start, in entries that do not say.
	Drain time.Duration
	// DisableCache switches KFP's step caching off.
	DisableCache bool
	// LogLevel is the worker's.
	LogLevel string
	// Keep is what stays in KFP after the run, and CleanupTimeout how long the deleting of the rest may take; the
	// worker's defaults when they are zero.
	Keep           string
	CleanupTimeout time.Duration
	// Verb is what the worker does: it carries the scenario out when it is empty; with VerbProbe it looks at KFP, and
	// with VerbClean it deletes what runs left there. VerbArgs are what only that verb understands.
	Verb     string
	VerbArgs []string
}

// Verbs of a worker other than the one that carries a scenario out.
const (
	VerbProbe = "probe"
	VerbClean = "clean"
)

// KFP says how a worker reaches KFP, and who it is there.
type KFP struct {
	// URL is KFP's API server, seen from a pod.
	URL string
	// Namespace is where KFP's own pods are.
	Namespace string
	// Auth says when a token is shown; with handoff.AuthNone the pod has none.
	Auth handoff.Auth
	// Audience is the token's; handoff.TokenAudience when empty.
	Audience string
	// User is sent in the header UserHeader; empty for none, which leaves the header to its default.
	User, UserHeader string
	// Authorities are certificates (PEM) that KFP's may be signed by.
	Authorities []byte
	// InsecureSkipVerify accepts any certificate of KFP's.
	InsecureSkipVerify bool
}

// Pod shapes the Job's pod. The zero value leaves it as manifests/job.yaml has it.
type Pod struct {
	// ImagePullSecrets are names of Secrets in the namespace.
	ImagePullSecrets []string
	// NodeSelector are labels of the nodes that may run it.
	NodeSelector map[string]string
	// Tolerations let it run on tainted nodes.
	Tolerations []corev1.Toleration
	// Resources replace what the runner asks for and may use, one by one.
	Resources corev1.ResourceRequirements
	// PriorityClass is the name of one.
	PriorityClass string
	// Labels and Annotations are added to the Job's and the pod's own.
	Labels, Annotations map[string]string
	// Istio says whether the pod takes part in a mesh; IstioOff when empty.
	Istio Istio
	// Patch is a strategic merge patch (JSON) of the pod's template, applied last; none when empty.
	Patch []byte
}

// Istio says whether the pod gets a sidecar of Istio's.
type Istio string

// The ways to meet a mesh.
const (
	// IstioOff keeps the sidecar out: it would be measured, too.
	IstioOff Istio = "off"
	// IstioInject takes an ordinary sidecar, which is asked to quit when the result is out.
	IstioInject Istio = "inject"
	// IstioNative takes one that Kubernetes ends with the pod, of Istio 1.27 and later.
	IstioNative Istio = "native"
)
