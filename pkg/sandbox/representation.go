package sandbox

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// schemaVersion is the only one of v2 packages that KFP takes.
const schemaVersion = "2.1.0"

// representation is what is looked at of KFP's intermediate representation of a pipeline.
type representation struct {
	SchemaVersion string `yaml:"schemaVersion"`
	PipelineInfo  struct {
		Name string `yaml:"name"`
	} `yaml:"pipelineInfo"`
	Root           component            `yaml:"root"`
	Components     map[string]component `yaml:"components"`
	DeploymentSpec struct {
		Executors map[string]executor `yaml:"executors"`
	} `yaml:"deploymentSpec"`
}

// component is a graph of tasks, or what an executor does.
type component struct {
	InputDefinitions struct {
		Parameters map[string]parameter `yaml:"parameters"`
	} `yaml:"inputDefinitions"`
	DAG struct {
		Tasks map[string]task `yaml:"tasks"`
	} `yaml:"dag"`
	ExecutorLabel string `yaml:"executorLabel"`
}

type task struct {
	DependentTasks []string `yaml:"dependentTasks"`
	ComponentRef   struct {
		Name string `yaml:"name"`
	} `yaml:"componentRef"`
}

type executor struct {
	Container struct {
		Command []string `yaml:"command"`
		Args    []string `yaml:"args"`
	} `yaml:"container"`
}

var errPipelineName = errors.New("pipeline's name must contain only lowercase alphanumeric characters or '-'" +
	" and must start with alphanumeric characters, 128 at the most")

// parseRepresentation reads a v2 package.
func parseRepresentation(document *yaml.Node) (spec, error) {
	var r representation
	if err := document.Decode(&r); err != nil {
		return spec{}, fmt.Errorf("%w: %w", errSpec, err)
	}
	if r.SchemaVersion != schemaVersion {
		return spec{}, fmt.Errorf("KFP only supports schema version %s, but the pipeline spec has version %s: %w",
			schemaVersion, r.SchemaVersion, errSpec)
	}
	if name := r.PipelineInfo.Name; len(name) > 128 || name[0] == '-' || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return spec{}, errPipelineName
	}
	s := spec{name: r.PipelineInfo.Name, parameters: r.Root.InputDefinitions.Parameters, pods: true}
	if s.parameters == nil {
		s.parameters = map[string]parameter{}
	}
	var err error
	if s.echo, err = echo(document); err != nil {
		return spec{}, fmt.Errorf("%w: %w", errSpec, err)
	}
	s.steps, s.duration = r.plan()
	return s, nil
}
