//go:build e2e && !multiuser

package e2e

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/manifests"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/drive"
	"github.com/kfpperf/kubectl-kfpperf/test/e2e/prepared"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func TestLargeResultComesHomeByteForByte(t *testing.T) {
	runner := os.Getenv("KFPPERF_E2E_PREPARED_IMAGE")
	if runner == "" {
		t.Skip("KFPPERF_E2E_PREPARED_IMAGE names no image of prepared-runner; only the cluster of test/cluster is given one")
	}
	const seed, size = "byte for byte", 6 << 20
	namespace := drive.NewNamespace(t)
	job := shippedJob(t)
	playRunner(t, job, runner, "--seed="+seed, "--bytes="+strconv.Itoa(size))
	results := container(t, job, handoff.ResultsContainer)
	results.Image = drive.Image(t)
	runID := environment(results, handoff.EnvRunID)
	want, err := prepared.Result(runID, seed, size)
	if err != nil {
		t.Fatal(err)
	}
	job.Namespace = namespace
	manifest, err := yaml.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	drive.Apply(t, string(manifest))

	// A result of this size is held for who fetches it by exec; plain kubectl asks for it on the log.
	drive.Eventually(t, drive.Soon, "the pod is there", func() (bool, string) {
		pods := drive.Kubectl(t, "get", "pods", "-n", namespace, "-l", "job-name="+job.Name, "-o", "name")
		return pods != "", pods
	})
	drive.Kubectl(t, "annotate", "pods", "-n", namespace, "-l", "job-name="+job.Name, handoff.CollectAnnotation+"="+handoff.CollectPrint)
	pod := endedPod(t, namespace, "job-name="+job.Name)
	log := drive.Kubectl(t, "logs", pod, "-c", handoff.ResultsContainer, "-n", namespace)
	if len(log) <= 8_000_000 {
		t.Errorf("the log has %d bytes; it was to be above 8 MB", len(log))
	}
	got, err := handoff.ReadFrames(strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes came home, sha256 %s; %d were prepared, sha256 %s", len(got), handoff.Sum(got), len(want), handoff.Sum(want))
	}
	commit, err := handoff.ParseCommit(drive.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o",
		`jsonpath={.status.containerStatuses[?(@.name=="`+handoff.ResultsContainer+`")].state.terminated.message}`))
	if err != nil {
		t.Fatal(err)
	}
	expected := handoff.Commit{
		Protocol: handoff.Protocol, RunID: runID, Verdict: string(prepared.Verdict),
		Bytes: len(want), SHA256: handoff.Sum(want), Chunks: strings.Count(log, "\n") - 1, // the trailer is no chunk
	}
	if commit != expected {
		t.Errorf("commit record %+v, want %+v", commit, expected)
	}
}

// shippedJob is the Job as `kubectl apply -k manifests` has it.
func shippedJob(t *testing.T) *batchv1.Job {
	t.Helper()
	job := &batchv1.Job{}
	if err := yaml.UnmarshalStrict(manifests.Job, job); err != nil {
		t.Fatal(err)
	}
	return job
}

// playRunner puts another program in the runner's place, which needs neither scenario nor token.
func playRunner(t *testing.T, job *batchv1.Job, image string, args ...string) {
	t.Helper()
	pod := &job.Spec.Template.Spec
	var volumes []corev1.Volume
	for _, volume := range pod.Volumes {
		if volume.Projected == nil {
			volumes = append(volumes, volume)
		}
	}
	pod.Volumes = volumes
	runner := container(t, job, handoff.RunnerContainer)
	runner.Image, runner.Command, runner.Args = image, []string{"/prepared-runner"}, args
	runner.VolumeMounts = []corev1.VolumeMount{{Name: "out", MountPath: handoff.OutDir}}
}

// container finds a container of the Job's pod.
func container(t *testing.T, job *batchv1.Job, name string) *corev1.Container {
	t.Helper()
	containers := job.Spec.Template.Spec.Containers
	for i := range containers {
		if containers[i].Name == name {
			return &containers[i]
		}
	}
	t.Fatalf("manifests/job.yaml has no container %q", name)
	return nil
}

func environment(c *corev1.Container, name string) string {
	for _, variable := range c.Env {
		if variable.Name == name {
			return variable.Value
		}
	}
	return ""
}

// endedPod waits until the one pod that the selector names has succeeded, and returns its name.
func endedPod(t *testing.T, namespace, selector string) string {
	t.Helper()
	var name string
	drive.Eventually(t, 2*time.Minute, "the pod has succeeded", func() (bool, string) {
		state := drive.Kubectl(t, "get", "pods", "-n", namespace, "-l", selector,
			"-o", "jsonpath={range .items[*]}{.metadata.name} {.status.phase} {.status.containerStatuses[*].state}{end}")
		words := strings.Fields(state)
		if len(words) < 2 || words[1] != "Succeeded" {
			return false, state
		}
		name = words[0]
		return true, state
	})
	return name
}
