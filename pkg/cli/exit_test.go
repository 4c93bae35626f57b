package cli

import (
	"errors"
	"fmt"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want exitCode
	}{
		{"nothing wrong", nil, exitDone},
		{"unexpected", errors.New("surprise"), exitUsage},
		{"usage", &usageError{errors.New("no such flag")}, exitUsage},
		{"silent", exitWith(exitDetached, nil), exitDetached},
		{"wrapped", fmt.Errorf("running: %w", exitWith(exitNoStart, &handoff.Problem{Cause: "no"})), exitNoStart},
		{"a problem without a code", &handoff.Problem{Cause: "no"}, exitUsage},
	} {
		if got := codeOf(test.err); got != test.want {
			t.Errorf("%s: exit %d, want %d", test.name, got, test.want)
		}
	}
}

func TestVerdictsHaveExitCodes(t *testing.T) {
	for status, want := range map[result.Status]exitCode{
		result.Passed: exitDone, result.Failed: exitThreshold, result.Invalid: exitInvalid, "of a later release": exitInvalid,
	} {
		if got := verdictCode(result.Verdict{Status: status}); got != want {
			t.Errorf("%s: exit %d, want %d", status, got, want)
		}
	}
}
