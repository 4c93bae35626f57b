package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Error is one fault of a scenario file.
type Error struct {
	// File is the name that Load was given.
	File string
	// Line and Column count from 1, columns in characters.
	Line, Column int
	// Message says what is wrong, what was expected and what to do.
	Message string
}

// Error returns file:line:column: message.
func (e Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are all faults of a scenario file, in the order of their positions.
type Errors []Error

// Error returns one line a fault.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, fault := range e {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// sort orders the faults of one file by position.
func (e Errors) sort() {
	slices.SortStableFunc(e, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
