// Package handoff is the contract between the CLI on a person's machine and the worker in the
// cluster: argument lists, mount paths, environment, the scenario bundle, event lines and the framing
// of the result. Both sides are the same binary, perhaps of different releases, so everything here is
// covered by Protocol. It knows neither Kubernetes nor KFP.
package handoff

// Protocol is the number of this contract. CLI and worker refuse each other when theirs differ; it
// is raised by every change that an older side would misread.
const Protocol = 1

// Program is where the product's image has it.
const Program = "/kubectl-kfpperf"

// Container names of the Job's pod.
const (
	// RunnerContainer puts on the load; its log is for people and carries the event lines.
	RunnerContainer = "runner"
	// ResultsContainer prints the framed result, and nothing else.
	ResultsContainer = "results"
)

// Where the Job mounts what the worker reads and writes.
const (
	// ScenarioDir holds the scenario: a bundle of chunks (see Pack), or plain files.
	ScenarioDir = "/kfpperf/scenario"
	// AuthoritiesFile, in ScenarioDir, holds what KFP's certificate may be signed by, where the run brings that.
	AuthoritiesFile = "kfp-ca.crt"
	// OutDir is shared by runner and results: result, checkpoint and heartbeat. See Outbox.
	OutDir = "/kfpperf/out"
	// TokenPath is where KFP's own SDK expects a service-account token of TokenAudience.
	TokenPath = "/var/run/secrets/kubeflow/pipelines/token" //nolint:gosec // where a token is, not a token
	// KubernetesDir is where clients of Kubernetes look for what lets a pod in: a token, the API server's
	// authority and the namespace.
	KubernetesDir = "/var/run/secrets/kubernetes.io/serviceaccount"
	// TokenAudience is the audience that KFP's API server demands of a bearer token.
	TokenAudience = "pipelines.kubeflow.org"
)

// Environment of the worker. The first four are the performance-test framework's.
const (
	EnvAPIHost      = "API_HOST"
	EnvAPIPort      = "API_PORT"
	EnvNamespace    = "NAMESPACE"
	EnvScenarioFile = "SCENARIO_FILE_NAME"
	// EnvCacheEnabled switches KFP's step caching off when false.
	EnvCacheEnabled = "CACHE_ENABLED"
	// EnvVerifyTLS switches the verification of KFP's certificate off when false.
	EnvVerifyTLS = "VERIFY_TLS"
	// EnvPipelinesDir is a folder to look for pipeline packages in.
	EnvPipelinesDir = "PIPELINES_DIR"
	// EnvTokenPath overrides TokenPath; the name is KFP's SDK's.
	EnvTokenPath = "KF_PIPELINES_SA_TOKEN_PATH" //nolint:gosec // a name, not a token
	// EnvRunID is the run's id, given by the CLI.
	EnvRunID = "KFPPERF_RUN_ID"
	// EnvImage is the product's image, which the shipped v2 pipelines run; given by the CLI.
	EnvImage = "KFPPERF_IMAGE"
	// EnvPod is the name of the worker's own pod, so that it can ask where it is and what it runs.
	EnvPod = "KFPPERF_POD"
	// EnvPodUID and EnvJobUID are those of that pod and its Job, for what the run leaves in its namespace.
	EnvPodUID = "KFPPERF_POD_UID"
	EnvJobUID = "KFPPERF_JOB_UID"
	// EnvProtocol is the CLI's Protocol, given to the worker.
	EnvProtocol = "KFPPERF_PROTOCOL"
)
