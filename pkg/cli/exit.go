package cli

import (
	"errors"
	"slices"
)

// exitCode is what the process ends with; docs/exit-codes.md is for its readers. kubectl on Windows
// turns every code but 0 into 1.
type exitCode int

// Without a result a run ends with exitUsage, exitNoStart or exitDetached; with one, with the first that
// applies of exitInvalid, exitThreshold, exitLeft and exitDone. Of a run in several namespaces it is the worst of
// all, see worst. Code 4 is kept for comparisons of results.
const (
	// exitDone: the result is complete, verified and on disk, and something succeeded in every entry.
	exitDone exitCode = 0
	// exitUsage is a usage error, a bad file of the user's, or an internal error.
	exitUsage exitCode = 1
	// exitNoStart: there is no result. The run could not start, did not in time, or was interrupted before
	// its Job existed, and what it had made by then is removed; or its pod was lost.
	exitNoStart exitCode = 2
	// exitThreshold: nothing succeeded in an entry.
	exitThreshold exitCode = 3
	// exitInvalid: the result is invalid, partial or could not be verified; a local run that was
	// interrupted is such a one.
	exitInvalid exitCode = 5
	// exitLeft: the result is there, and so are objects in the cluster, or things in KFP, that should be gone.
	exitLeft exitCode = 6
	// exitDetached: the run was left alone in the cluster.
	exitDetached exitCode = 7
)

// exitError ends the process with a code.
type exitError struct {
	code exitCode
	// err is still to be told; nil when everything was said.
	err error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return "exit"
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// exitWith gives an error a code; a nil error says that all was told already.
func exitWith(code exitCode, err error) error { return &exitError{code: code, err: err} }

// codeOf returns the code that an error ends the process with: exitUsage unless it says otherwise.
func codeOf(err error) exitCode {
	var exit *exitError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &exit):
		return exit.code
	}
	return exitUsage
}

// usageError is a command line that means nothing; it is shown with the usage of its verb.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

// worst returns the first of the codes that come before others: what cannot be relied on before what went wrong.
func worst(codes ...exitCode) exitCode {
	for _, code := range []exitCode{exitUsage, exitNoStart, exitDetached, exitInvalid, exitThreshold, exitLeft} {
		if slices.Contains(codes, code) {
			return code
		}
	}
	return exitDone
}
