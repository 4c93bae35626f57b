package cli

import (
	"bytes"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// conclude prints the result, which is in file, and turns its verdict into an exit code.
func (o *runOptions) conclude(document *result.Document, content []byte, file resultFile) error {
	if err := o.printResult(document, content, file); err != nil {
		return err
	}
	if code := verdictCode(document.Verdict); code != exitDone {
		return exitWith(code, nil)
	}
	return nil
}

func (o *runOptions) printResult(document *result.Document, content []byte, file resultFile) error {
	if o.output != outputText {
		o.console.done("result written to %s", file.path())
		return o.output.writeDocument(o.streams.Out, content)
	}
	var text bytes.Buffer
	if err := report.Text(&text, document, file.path()); err != nil {
		return err
	}
	if _, err := fmt.Fprint(o.streams.Out, "\n"+printableLines(text.String())); err != nil {
		return fmt.Errorf("printing the summary: %w", err)
	}
	return nil
}

// verdictCode is the exit code of a run that has a result.
func verdictCode(verdict result.Verdict) exitCode {
	switch verdict.Status {
	case result.Passed:
		return exitDone
	case result.Failed:
		return exitThreshold
	}
	return exitInvalid
}
