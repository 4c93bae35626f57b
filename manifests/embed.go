// Package manifests holds the YAML that is applied to a cluster. The files are complete: `kubectl apply
// -k manifests` runs the shipped smoke-noop scenario without the CLI, and the folders grant what runs need. It holds
// data only.
package manifests

import _ "embed" // for the files below

// Job is job.yaml, the Job of a run, which pkg/jobspec fills in.
//
//go:embed job.yaml
var Job []byte

// Launcher is what a person needs to launch runs.
//
//go:embed launcher/role.yaml
var Launcher []byte

// Account is the account that runs have of their own.
//
//go:embed account/account.yaml
var Account []byte

// Runner is what that account needs of a multi-user KFP.
//
//go:embed multi-user/runner.yaml
var Runner []byte

// NetworkPolicy is what the pod of a run may talk to.
//
//go:embed network-policy/policy.yaml
var NetworkPolicy []byte
