package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// Identification of what check prints.
const (
	checksAPIVersion = "kfpperf.io/v1alpha1"
	checksKind       = "CheckList"
)

// print writes all checks, and turns failures into an exit code.
func (o *checkOptions) print(checks []handoff.Check) error {
	if err := o.write(checks); err != nil {
		return err
	}
	if len(failed(checks)) > 0 {
		return exitWith(exitNoStart, nil)
	}
	return nil
}

func (o *checkOptions) write(checks []handoff.Check) error {
	if o.output != outputText {
		content, err := marshal(map[string]any{"apiVersion": checksAPIVersion, "kind": checksKind, "checks": checks})
		if err != nil {
			return err
		}
		return o.output.writeDocument(o.streams.Out, content)
	}
	columns := 0
	if width := terminalWidth(o.streams.Out); width != nil {
		columns = width()
	}
	if _, err := fmt.Fprint(o.streams.Out, checkTable(checks, columns)); err != nil {
		return fmt.Errorf("printing to stdout: %w", err)
	}
	return nil
}

// checkTable is the checks for people: a symbol, the name, and what was seen; below it what to do. Lines are
// broken at columns; 0 leaves them whole.
func checkTable(checks []handoff.Check, columns int) string {
	widest := 0
	for _, check := range checks {
		widest = max(widest, columnsOf(printable(check.Name)))
	}
	var table strings.Builder
	indent := strings.Repeat(" ", widest+6)
	for _, check := range checks {
		name, first := printable(check.Name), true
		for _, text := range []string{check.Cause, check.Evidence, check.Remedy} {
			for line := range strings.Lines(fold(printable(text), columns-len(indent))) {
				lead := indent
				if first {
					lead = fmt.Sprintf("  %s %s%s  ", symbolOf(check.Status), name, strings.Repeat(" ", widest-columnsOf(name)))
				}
				table.WriteString(lead + strings.TrimRight(line, "\n") + "\n")
				first = false
			}
		}
	}
	unknown := len(withStatus(checks, handoff.Unknown))
	switch {
	case len(failed(checks)) > 0:
		table.WriteString(failedOf(checks) + "\n")
	case unknown > 0:
		fmt.Fprintf(&table, "%d of %d checks passed, none failed, %d unknown\n", passed(checks), len(checks), unknown)
	default:
		fmt.Fprintf(&table, "all %d checks passed\n", len(checks))
	}
	return table.String()
}

// fold is wrap without an indent; columns too few to be of use leave the text whole.
func fold(text string, columns int) string {
	const fewest = 20
	if columns < fewest {
		return text
	}
	return wrap(text, columns, "")
}

func symbolOf(status handoff.Status) string {
	switch status {
	case handoff.Passed:
		return "✓"
	case handoff.Failed:
		return "✗"
	}
	return "?"
}

// scenarioFault is the check of a scenario that cannot be run.
func scenarioFault(file string, err error) handoff.Check {
	problem := &handoff.Problem{
		Cause: file + " cannot be run", Evidence: err.Error(), Remedy: "See kubectl kfpperf validate " + file + ".",
	}
	var faults scenario.Errors
	if errors.As(err, &faults) {
		problem.Cause = fmt.Sprintf("%s has %s", file, count(len(faults), "error", "errors"))
		problem.Evidence = faults[0].Error()
	}
	return handoff.Fail("scenario", problem)
}

// describeScenario says what a scenario holds.
func describeScenario(file string, document *scenario.Document) string {
	size := 0
	for _, content := range document.Pipelines {
		size += len(content)
	}
	return fmt.Sprintf("%s: %s (%d KiB)", file, partsOf(document), (size+1023)/1024)
}
