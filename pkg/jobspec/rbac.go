package jobspec

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/kfpperf/kubectl-kfpperf/manifests"
	"go.yaml.in/yaml/v3"
)

// Grant says for whom and where RBAC is.
type Grant struct {
	// Namespace is where runs are launched.
	Namespace string
	// SingleUser leaves out what only a multi-user KFP asks for.
	SingleUser bool
	// NetworkPolicy adds what the Job's pod may talk to; KFPNamespace is where KFP is.
	NetworkPolicy bool
	KFPNamespace  string
	// Kind and Name are who launches runs: a User, a Group, or a ServiceAccount of SubjectNamespace. Nothing is
	// changed when Name is empty.
	Kind, Name, SubjectNamespace string
}

// RBAC returns the YAML of manifests/multi-user or manifests/single-user for a namespace and a person, comments
// included.
func RBAC(g Grant) ([]byte, error) {
	files := [][]byte{manifests.Launcher, manifests.Account}
	if !g.SingleUser {
		files = append(files, manifests.Runner)
	}
	if g.NetworkPolicy {
		files = append(files, manifests.NetworkPolicy)
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	for _, file := range files {
		for decoder := yaml.NewDecoder(bytes.NewReader(file)); ; {
			var document yaml.Node
			err := decoder.Decode(&document)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("reading a manifest: %w", err)
			}
			g.fill(document.Content[0])
			if err := encoder.Encode(&document); err != nil {
				return nil, fmt.Errorf("writing a manifest: %w", err)
			}
		}
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("writing a manifest: %w", err)
	}
	return out.Bytes(), nil
}

// fill puts the namespace and the person into one object.
func (g Grant) fill(object *yaml.Node) {
	set(field(object, "metadata"), "namespace", g.Namespace)
	if subjects := field(object, "subjects"); subjects != nil {
		for _, subject := range subjects.Content {
			switch kind := field(subject, "kind").Value; {
			case kind == "ServiceAccount":
				set(subject, "namespace", g.Namespace)
			case g.Name != "":
				g.name(subject)
			}
		}
	}
	if field(object, "kind").Value == "NetworkPolicy" {
		for _, rule := range field(field(object, "spec"), "egress").Content {
			g.reachKFP(rule)
		}
	}
}

// name makes a subject the person.
func (g Grant) name(subject *yaml.Node) {
	subject.Content = nil
	if g.Kind == "ServiceAccount" {
		set(subject, "kind", g.Kind)
		set(subject, "name", g.Name)
		set(subject, "namespace", g.SubjectNamespace)
		return
	}
	set(subject, "apiGroup", "rbac.authorization.k8s.io")
	set(subject, "kind", g.Kind)
	set(subject, "name", g.Name)
}

// reachKFP puts KFP's namespace into the rule that names one.
func (g Grant) reachKFP(rule *yaml.Node) {
	to := field(rule, "to")
	if to == nil {
		return
	}
	labels := field(field(to.Content[0], "namespaceSelector"), "matchLabels")
	if name := field(labels, "kubernetes.io/metadata.name"); name.Value == DefaultKFPNamespace {
		name.SetString(g.KFPNamespace)
	}
}

// field returns the value of a mapping's key; nil where there is none.
func field(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// set gives a mapping's key a string, whatever that looks like.
func set(mapping *yaml.Node, key, value string) {
	if found := field(mapping, key); found != nil {
		found.SetString(value)
		return
	}
	var name, text yaml.Node
	name.SetString(key)
	text.SetString(value)
	mapping.Content = append(mapping.Content, &name, &text)
}
