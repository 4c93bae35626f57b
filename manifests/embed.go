// Package manifests holds the YAML that is applied to a cluster. The files are complete: `kubectl apply
// -k manifests` runs the shipped smoke-noop scenario without the CLI. It holds data only.
package manifests

import _ "embed" // for the files below

// Job is job.yaml, the Job of a run, which pkg/jobspec fills in.
//
//go:embed job.yaml
var Job []byte
