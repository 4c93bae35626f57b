package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

func TestATaggedErrorIsStillWhatItWas(t *testing.T) {
	outage := fmt.Errorf("%w: %w", cluster.ErrOutage, &handoff.Problem{Cause: "the Kubernetes API did not answer"})
	err := taggedError("team-a", outage)
	var problem *handoff.Problem
	if !errors.Is(err, cluster.ErrOutage) || !errors.As(err, &problem) || problem.Cause != "team-a: the Kubernetes API did not answer" {
		t.Errorf("%v, %+v", err, problem)
	}
}

func TestWhatWasToldIsNotToldAgain(t *testing.T) {
	for err, want := range map[error]string{
		exitWith(exitThreshold, nil): "", errors.New("disk full"): "disk full", exitWith(exitUsage, errors.New("disk full")): "disk full",
	} {
		combined := exitWith(worst(codeOf(err), exitLeft), untold(err))
		var exit *exitError
		if !errors.As(combined, &exit) || (exit.err == nil) != (want == "") || exit.err != nil && exit.err.Error() != want {
			t.Errorf("%v: %v", err, combined)
		}
	}
}
