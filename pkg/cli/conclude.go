package cli

import (
	"bytes"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// finished is a result that is on disk.
type finished struct {
	document *result.Document
	content  []byte
	file     resultFile
	// partial says that the worker did not live to write all of it.
	partial bool
}

// beside is what became of all parts of a run.
type beside struct {
	plan
	done    []finished
	missing []result.Missing
	codes   []exitCode
}

// add takes a result.
func (b *beside) add(f finished) {
	b.done = append(b.done, f)
	b.codes = append(b.codes, resultCode(f.document))
	if f.partial {
		b.codes = append(b.codes, exitInvalid)
	}
}

// lack notes that a namespace has no result, and why.
func (b *beside) lack(namespace string, code exitCode, why error) {
	b.missing = append(b.missing, result.Missing{Namespace: namespace, Why: causeOf(why)})
	b.codes = append(b.codes, code)
}

// conclude prints what there are of results, which are on disk, and turns it into an exit code.
func (o *attendant) conclude(b beside) error {
	code := worst(b.codes...)
	switch {
	case len(b.done) == 0:
	case !b.several():
		if err := o.printResult(b.done[0]); err != nil {
			return err
		}
	default:
		list, err := o.printList(b)
		if err != nil {
			return err
		}
		code = worst(code, verdictCode(list.Verdict))
	}
	if code != exitDone {
		return exitWith(code, nil)
	}
	return nil
}

func (o *attendant) printResult(f finished) error {
	if o.output != outputText {
		o.console.done("result written to %s", f.file.path())
		return o.output.writeDocument(o.streams.Out, f.content)
	}
	var text bytes.Buffer
	if err := report.Text(&text, f.document, f.file.path()); err != nil {
		return err
	}
	return o.printSummary(text.String())
}

// printList prints several results side by side.
func (o *attendant) printList(b beside) (*result.List, error) {
	var documents []*result.Document
	var files []string
	for _, f := range b.done {
		documents, files = append(documents, f.document), append(files, f.file.path())
	}
	list := result.Beside(b.id, documents, b.missing)
	if o.output != outputText {
		for _, file := range files {
			o.console.done("result written to %s", file)
		}
		content, err := result.EncodeList(list)
		if err != nil {
			return nil, err
		}
		return list, o.output.writeDocument(o.streams.Out, content)
	}
	var text bytes.Buffer
	if err := report.Beside(&text, list, files); err != nil {
		return nil, err
	}
	return list, o.printSummary(text.String())
}

func (o *attendant) printSummary(text string) error {
	if _, err := fmt.Fprint(o.streams.Out, "\n"+printableLines(text)); err != nil {
		return fmt.Errorf("printing the summary: %w", err)
	}
	return nil
}

// resultCode is the exit code of a run whose result is at hand.
func resultCode(d *result.Document) exitCode {
	code := verdictCode(d.Verdict)
	if !d.Cleanup.Complete() {
		code = worst(code, exitLeft)
	}
	return code
}

// verdictCode is the exit code that a verdict gives.
func verdictCode(verdict result.Verdict) exitCode {
	switch verdict.Status {
	case result.Passed:
		return exitDone
	case result.Failed:
		return exitThreshold
	}
	return exitInvalid
}
