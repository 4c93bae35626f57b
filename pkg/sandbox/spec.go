package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// taskTime is what a task takes whose pipeline does not say how long it takes.
const taskTime = time.Second

// spec is what the server knows of a pipeline package.
type spec struct {
	// echo is what lists show of it.
	echo any
	// duration is how long a run of it takes; endless says that it suspends until somebody resumes it.
	duration time.Duration
	endless  bool
}

var errSpec = errors.New("unknown template format: pipeline spec is invalid")

// parseSpec reads a package: a v1 one, which is an Argo Workflow, or a v2 one, KFP's intermediate
// representation with or without a document of platforms behind it.
func parseSpec(content []byte) (spec, error) {
	documents := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document yaml.Node
		if err := documents.Decode(&document); err != nil {
			if errors.Is(err, io.EOF) {
				return spec{}, errSpec
			}
			return spec{}, fmt.Errorf("%w: %w", errSpec, err)
		}
		var kind struct {
			APIVersion   string `yaml:"apiVersion"`
			Kind         string `yaml:"kind"`
			PipelineInfo struct {
				Name string `yaml:"name"`
			} `yaml:"pipelineInfo"`
			Root *yaml.Node `yaml:"root"`
		}
		if err := document.Decode(&kind); err != nil {
			continue // not a mapping: nothing that KFP would look at
		}
		switch {
		case strings.HasPrefix(kind.APIVersion, "argoproj.io/") && kind.Kind == "Workflow":
			return parseWorkflow(&document)
		case kind.PipelineInfo.Name != "" && kind.Root != nil:
			return parseRepresentation(&document)
		}
	}
}

// parseWorkflow reads a v1 package. Its templates are taken to run one after the other.
func parseWorkflow(document *yaml.Node) (spec, error) {
	var workflow struct {
		Spec struct {
			Templates []struct {
				Suspend *struct {
					Duration string `yaml:"duration"`
				} `yaml:"suspend"`
				Steps []any `yaml:"steps"`
				DAG   any   `yaml:"dag"`
			} `yaml:"templates"`
		} `yaml:"spec"`
	}
	var s spec
	if err := errors.Join(document.Decode(&workflow), document.Decode(&s.echo)); err != nil {
		return spec{}, fmt.Errorf("failed to parse the workflow template: %w", err)
	}
	for _, template := range workflow.Spec.Templates {
		switch {
		case template.Suspend != nil && template.Suspend.Duration == "":
			s.endless = true
		case template.Suspend != nil:
			pause, err := suspension(template.Suspend.Duration)
			if err != nil {
				return spec{}, fmt.Errorf("failed to parse the workflow template: %w", err)
			}
			s.duration += pause
		case template.Steps == nil && template.DAG == nil:
			s.duration += taskTime
		}
	}
	return s, nil
}

// suspension reads Argo's durations: seconds without a unit, or a Go duration.
func suspension(text string) (time.Duration, error) {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, nil
	}
	return time.ParseDuration(text)
}

// parseRepresentation reads a v2 package. Its tasks are taken to run one after the other.
func parseRepresentation(document *yaml.Node) (spec, error) {
	type component struct {
		DAG struct {
			Tasks map[string]any `yaml:"tasks"`
		} `yaml:"dag"`
	}
	var pipeline struct {
		Root       component            `yaml:"root"`
		Components map[string]component `yaml:"components"`
	}
	var s spec
	if err := errors.Join(document.Decode(&pipeline), document.Decode(&s.echo)); err != nil {
		return spec{}, fmt.Errorf("%w: %w", errSpec, err)
	}
	tasks := len(pipeline.Root.DAG.Tasks)
	for _, c := range pipeline.Components {
		tasks += len(c.DAG.Tasks)
	}
	s.duration = time.Duration(tasks) * taskTime
	return s, nil
}
