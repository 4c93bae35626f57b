//go:build e2e && !multiuser

package e2e

import (
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/scenarios"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
	"sigs.k8s.io/yaml"
)

// TestARunIsCarriedOutByOnePod has a run claimed before its pod starts, as by a pod on a node that was lost.
func TestARunIsCarriedOutByOnePod(t *testing.T) {
	namespace := drive.NewNamespace(t)
	job := shippedJob(t)
	job.Namespace = namespace
	for _, name := range []string{handoff.RunnerContainer, handoff.ResultsContainer} {
		container(t, job, name).Image = drive.Image(t)
	}
	id := environment(container(t, job, handoff.RunnerContainer), handoff.EnvRunID)
	scenario, err := scenarios.FS.ReadFile("smoke-noop.json")
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := yaml.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	before := listed(t, "/runs", id+"-1-") // of others who applied the same manifest
	drive.Kubectl(t, "create", "role", "keeper", "-n", namespace, "--verb=create,get", "--resource=configmaps")
	drive.Kubectl(t, "create", "rolebinding", "keeper", "-n", namespace, "--role=keeper", "--serviceaccount="+namespace+":default")
	drive.Kubectl(t, "create", "configmap", jobspec.ClaimName(id), "-n", namespace, "--from-literal=uid=another", "--from-literal=pod=lost")
	drive.Kubectl(t, "create", "configmap", jobspec.JobName(id), "-n", namespace, "--from-literal=smoke-noop.json="+string(scenario))
	drive.Apply(t, string(manifest))

	var record string
	drive.Eventually(t, 2*time.Minute, "the results container has left a record", func() (bool, string) {
		record = drive.Kubectl(t, "get", "pods", "-n", namespace, "-o",
			`jsonpath={.items[*].status.containerStatuses[?(@.name=="`+handoff.ResultsContainer+`")].state.terminated.message}`)
		return record != "", record
	})
	commit, err := handoff.ParseCommit(record)
	if err != nil || commit.Problem == nil || commit.SHA256 != "" || commit.Problem.Cause != "another pod has claimed the run, and this one puts no load on" {
		t.Errorf("%+v, %v", commit, err)
	}
	if n := listed(t, "/runs", id+"-1-"); n != before {
		t.Errorf("it made %d runs", n-before)
	}
}
