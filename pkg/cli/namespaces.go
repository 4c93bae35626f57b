package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// plan is what is run and where: a part of the run for each namespace.
type plan struct {
	document   *scenario.Document
	namespaces []string
	// id is the run's, and ids are those of its parts, in the order of the namespaces.
	id  string
	ids []string
}

// newPlan places a document whose entries belong to home unless they say otherwise.
func newPlan(document *scenario.Document, home string) plan {
	p := plan{document: document.Placed(home)}
	if p.namespaces = p.document.Namespaces(); len(p.namespaces) == 0 {
		p.namespaces = []string{home}
	}
	return p
}

// name gives the run an id.
func (p *plan) name(id string) {
	p.id, p.ids = id, jobspec.RunIDs(id, len(p.namespaces))
}

// several reports whether the run has more than one part.
func (p *plan) several() bool { return len(p.namespaces) > 1 }

// tag is what lines about a part of the run begin with: its namespace, where there are several.
func (p *plan) tag(namespace string) string {
	if !p.several() {
		return ""
	}
	return namespace
}

// where names the namespaces, as a line has room for.
func (p *plan) where() string {
	const most = 3
	switch n := len(p.namespaces); {
	case n == 1:
		return p.namespaces[0]
	case n <= most:
		return fmt.Sprintf("%d namespaces (%s)", n, strings.Join(p.namespaces, ", "))
	default:
		return fmt.Sprintf("%d namespaces (%s … %s)", n, p.namespaces[0], p.namespaces[n-1])
	}
}

// tagged begins a text with a tag, if there is one.
func tagged(tag, text string) string {
	if tag == "" {
		return text
	}
	return tag + ": " + text
}

// taggedError says of an error whose it is.
func taggedError(tag string, err error) error {
	var problem *handoff.Problem
	switch {
	case tag == "" || err == nil:
		return err
	case errors.As(err, &problem):
		return &taggedCause{taggedProblem(tag, problem), err}
	}
	return fmt.Errorf("%s: %w", tag, err)
}

// taggedCause is a problem that names its namespace, and the error that it is of.
type taggedCause struct {
	*handoff.Problem
	err error
}

// Unwrap returns both, the problem first: it is what people are told.
func (c *taggedCause) Unwrap() []error { return []error{c.Problem, c.err} }

func taggedProblem(tag string, p *handoff.Problem) *handoff.Problem {
	named := *p
	named.Cause = tagged(tag, p.Cause)
	return &named
}

// taggedEvent says of an event whose it is; progress says so by itself.
func taggedEvent(tag string, e handoff.Event) handoff.Event {
	if tag == "" {
		return e
	}
	e.Text = tagged(tag, e.Text)
	if e.Problem != nil {
		e.Problem = taggedProblem(tag, e.Problem)
	}
	return e
}

// causeOf is why something failed, in one sentence.
func causeOf(err error) string {
	var problem *handoff.Problem
	if errors.As(err, &problem) {
		return problem.Error()
	}
	return err.Error()
}
