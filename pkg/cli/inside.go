package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"k8s.io/client-go/rest"
)

// keeping bounds what the keeping of a copy may take of the pod's last minute.
const keeping = 5 * time.Second

// inside is this pod, as it leaves things in its namespace; nil, with the reason, where that cannot be.
func (o *workerOptions) inside() (*cluster.Inside, error) {
	config, err := rest.InClusterConfig()
	if err != nil {
		return nil, fmt.Errorf("the worker has no access to Kubernetes: %w", err)
	}
	config.UserAgent = "kubectl-kfpperf/" + o.version
	config.WarningHandler = rest.NoWarnings{} // its log is for people who follow the run
	pod := &cluster.Inside{
		RunID: o.runID, Namespace: o.namespace, Pod: os.Getenv(handoff.EnvPod),
		PodUID: os.Getenv(handoff.EnvPodUID), JobUID: os.Getenv(handoff.EnvJobUID),
	}
	return pod, pod.Connect(config)
}

// claim makes the run this pod's, before any load. The doubt says why nothing keeps another pod from repeating it,
// where that is so; the error that another one has it.
func claim(ctx context.Context, pod *cluster.Inside, access error) (doubt string, err error) {
	if err = access; err == nil {
		err = pod.Claim(ctx)
	}
	switch {
	case err == nil:
		return "", nil
	case errors.Is(err, cluster.ErrClaimed):
		return "", &handoff.Problem{
			Cause: "another pod has claimed the run, and this one puts no load on", Evidence: err.Error(),
			Remedy: "Follow that pod; if its node is lost, delete the run and start it again.",
		}
	}
	return fmt.Sprintf("the run is not claimed, so that a second pod of its Job would put the same load on again: %v", err), nil
}

// keep leaves a copy of the result, or of what there is room for, where it survives the pod. It returns why it
// could not.
func keep(ctx context.Context, pod *cluster.Inside, document *result.Document, content []byte) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keeping)
	defer cancel()
	commit := handoff.Commit{Protocol: handoff.Protocol, RunID: document.RunID}
	parcel, err := handoff.NewParcel(content)
	if err == nil && len(parcel.Packed) > cluster.MostKept {
		commit.Partial, commit.Problem = true, &handoff.Problem{
			Cause:  "the result was too large to be kept beside its pod, and this is a summary without its runs and time series",
			Remedy: "Collect large results soon after their run.",
		}
		if content, err = result.Encode(result.Summary(document)); err == nil {
			parcel, err = handoff.NewParcel(content)
		}
	}
	if err != nil {
		return err
	}
	if len(parcel.Packed) > cluster.MostKept {
		return fmt.Errorf("even a summary of the result has %d KiB", len(parcel.Packed)>>10)
	}
	return pod.Keep(ctx, commit.Carrying(string(document.Verdict.Status), parcel), parcel)
}
