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

func TestTheWorstOfSeveralCodes(t *testing.T) {
	for _, test := range []struct {
		codes []exitCode
		want  exitCode
	}{
		{nil, exitDone},
		{[]exitCode{exitDone, exitDone}, exitDone},
		{[]exitCode{exitInvalid, exitNoStart, exitDone}, exitNoStart}, // what there is no result of comes first
		{[]exitCode{exitInvalid, exitDetached}, exitDetached},
		{[]exitCode{exitThreshold, exitInvalid, exitLeft}, exitInvalid},
		{[]exitCode{exitLeft, exitThreshold}, exitThreshold},
		{[]exitCode{exitDone, exitLeft}, exitLeft},
		{[]exitCode{exitNoStart, exitUsage}, exitUsage},
	} {
		if got := worst(test.codes...); got != test.want {
			t.Errorf("%v: %d, want %d", test.codes, got, test.want)
		}
	}
}
