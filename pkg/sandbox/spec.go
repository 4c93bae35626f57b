package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	sigsyaml "sigs.k8s.io/yaml"
)

// spec is what the server knows of a pipeline package.
type spec struct {
	// name is what the names of its workflows begin with.
	name string
	// echo is what lists show of it.
	echo json.RawMessage
	// duration is how long a run of it takes; endless says that it suspends until somebody resumes it.
	duration time.Duration
	endless  bool
	// steps are what a run of it shows beside itself.
	steps []step
	// pods says that a run of it has pods.
	pods bool
	// fails says that a run of it ends FAILED.
	fails bool
	// flaw is why no run can be made of it, empty for most.
	flaw string
	// parameters are those of a v2 package. A v1 package has none here: it takes any.
	parameters map[string]parameter
}

var (
	errSpec     = errors.New("unknown template format: pipeline spec is invalid")
	errTwoSpecs = errors.New("multiple pipeline specs provided: pipeline spec is invalid")
)

// parseSpec reads a package: a v1 one, which is an Argo Workflow, or a v2 one, KFP's intermediate
// representation with or without a document of platforms beside it.
func parseSpec(content []byte) (spec, error) {
	documents := yaml.NewDecoder(bytes.NewReader(content))
	var found *yaml.Node
	for {
		var document yaml.Node
		if err := documents.Decode(&document); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
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
		case kind.PipelineInfo.Name == "" || kind.Root == nil:
		case found != nil:
			return spec{}, errTwoSpecs
		default:
			found = &document
		}
	}
	if found == nil {
		return spec{}, errSpec
	}
	return parseRepresentation(found)
}

// echo returns a document as JSON, in which keys that are no strings become strings.
func echo(document *yaml.Node) (json.RawMessage, error) {
	text, err := yaml.Marshal(document)
	if err != nil {
		return nil, err
	}
	return sigsyaml.YAMLToJSON(text)
}
