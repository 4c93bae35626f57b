package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// argoVersion is the only version of a Workflow that KFP takes.
const argoVersion = "argoproj.io/v1alpha1"

// workflow is what is looked at of an Argo Workflow.
type workflow struct {
	APIVersion string `yaml:"apiVersion"`
	Metadata   struct {
		Name         string `yaml:"name"`
		GenerateName string `yaml:"generateName"`
	} `yaml:"metadata"`
	Spec struct {
		Entrypoint string `yaml:"entrypoint"`
		Arguments  struct {
			Parameters []struct {
				Name  string `yaml:"name"`
				Value string `yaml:"value"`
			} `yaml:"parameters"`
		} `yaml:"arguments"`
		Templates []template `yaml:"templates"`
	} `yaml:"spec"`
}

// template has one of these.
type template struct {
	Name    string `yaml:"name"`
	Suspend *struct {
		Duration string `yaml:"duration"`
	} `yaml:"suspend"`
	Steps        []any          `yaml:"steps"`
	DAG          map[string]any `yaml:"dag"`
	Container    map[string]any `yaml:"container"`
	ContainerSet map[string]any `yaml:"containerSet"`
	Script       map[string]any `yaml:"script"`
	Resource     map[string]any `yaml:"resource"`
	Data         map[string]any `yaml:"data"`
	HTTP         map[string]any `yaml:"http"`
}

func (t template) works() bool {
	return t.Container != nil || t.ContainerSet != nil || t.Script != nil || t.Resource != nil ||
		t.Data != nil || t.HTTP != nil
}

// parseWorkflow reads a v1 package. Its templates are taken to run one after the other.
func parseWorkflow(document *yaml.Node) (spec, error) {
	var w workflow
	if err := document.Decode(&w); err != nil {
		return spec{}, fmt.Errorf("failed to parse the workflow template: %w", err)
	}
	if w.APIVersion != argoVersion {
		return spec{}, fmt.Errorf("unsupported argo version; expected %s, received %s", argoVersion, w.APIVersion)
	}
	s := spec{name: strings.TrimRight(cmp.Or(w.Metadata.GenerateName, w.Metadata.Name), "-")}
	var err error
	if s.echo, err = echo(document); err != nil {
		return spec{}, fmt.Errorf("failed to parse the workflow template: %w", err)
	}
	for _, t := range w.Spec.Templates {
		switch {
		case t.Suspend != nil:
			s.suspend(w.fill(t.Suspend.Duration))
		case t.works():
			s.duration += taskTime
			s.pods = true
		case t.Steps == nil && t.DAG == nil:
			return spec{}, fmt.Errorf("templates.%s template '%s' type is unknown", t.Name, t.Name)
		}
	}
	isEntrypoint := func(t template) bool { return t.Name == w.Spec.Entrypoint }
	if !slices.ContainsFunc(w.Spec.Templates, isEntrypoint) {
		s.flaw = fmt.Sprintf("template name '%s' undefined", w.Spec.Entrypoint)
	}
	return s, nil
}

// fill puts the workflow's arguments into a text. What a run says of them does not reach a v1 package: KFP
// only echoes it.
func (w workflow) fill(text string) string {
	for _, p := range w.Spec.Arguments.Parameters {
		text = strings.ReplaceAll(text, "{{workflow.parameters."+p.Name+"}}", p.Value)
	}
	return text
}

// suspend adds the time of a template that waits. A time that cannot be read fails the run, one that is
// known only while it runs takes what a task takes.
func (s *spec) suspend(text string) {
	switch pause, err := suspension(text); {
	case text == "":
		s.endless = true
	case err == nil:
		s.duration += pause
	case strings.Contains(text, "{{"):
		s.duration += taskTime
	default:
		s.fails = true
	}
}

// suspension reads Argo's durations: seconds without a unit, or a Go duration.
func suspension(text string) (time.Duration, error) {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, nil
	}
	return time.ParseDuration(text)
}
