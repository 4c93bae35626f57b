package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"time"

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
	Root       component            `yaml:"root"`
	Components map[string]component `yaml:"components"`
}

type component struct {
	InputDefinitions struct {
		Parameters map[string]parameter `yaml:"parameters"`
	} `yaml:"inputDefinitions"`
	DAG struct {
		Tasks map[string]any `yaml:"tasks"`
	} `yaml:"dag"`
}

var errPipelineName = errors.New("pipeline's name must contain only lowercase alphanumeric characters or '-'" +
	" and must start with alphanumeric characters, 128 at the most")

// parseRepresentation reads a v2 package. Its tasks are taken to run one after the other.
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
	s := spec{parameters: r.Root.InputDefinitions.Parameters}
	if s.parameters == nil {
		s.parameters = map[string]parameter{}
	}
	var err error
	if s.echo, err = echo(document); err != nil {
		return spec{}, fmt.Errorf("%w: %w", errSpec, err)
	}
	tasks := len(r.Root.DAG.Tasks)
	for _, c := range r.Components {
		tasks += len(c.DAG.Tasks)
	}
	s.duration = time.Duration(tasks) * taskTime
	return s, nil
}
