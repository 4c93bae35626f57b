package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// pipelineFileName reads the name of an entry's pipeline, the default where the mode needs one, and finds
// the pipeline.
func (r *reader) pipelineFileName(entry, node *yaml.Node, mode Mode) string {
	at := node
	var subject string
	name := DefaultPipeline
	switch {
	case node == nil && !slices.Contains(modesOf(fieldPipeline), mode):
		return ""
	case node == nil:
		at, subject = entry, "is missing, and its default "+quote(name)
	case node.Kind == 0:
		return ""
	case node.Kind != yaml.ScalarNode || node.Tag != tagString || node.Value == "":
		r.fault(node, "pipelineFileName is %s; expected the name of a file such as %q", describe(node), DefaultPipeline)
		return ""
	default:
		subject = quote(node.Value)
		name = path.Clean(node.Value)
		if err := checkName(node.Value); err != nil {
			r.fault(node, "pipelineFileName %s %v", subject, err)
			return ""
		}
	}
	content, err := r.pipelines.get(name)
	if err == nil {
		err = r.pipelines.checkAmbiguous(name, content)
	}
	if err != nil {
		r.fault(at, "pipelineFileName %s %v", subject, err)
		return ""
	}
	return name
}

// checkName refuses what cannot be the name of a pipeline inside a folder. The error is the rest of a
// sentence that begins with the name.
func checkName(name string) error {
	clean := path.Clean(name)
	switch {
	case strings.Contains(name, `\`):
		return errors.New(`has a backslash; write folders with /, as in "sub/pipeline.yaml"`)
	case strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("has control characters; rename the file")
	case !fs.ValidPath(clean) || !filepath.IsLocal(filepath.FromSlash(clean)):
		return errors.New(`leaves the folders of pipelines; expected a file inside them, such as "sub/pipeline.yaml"`)
	case !packaged(clean):
		return fmt.Errorf("is not the name of a pipeline package; expected a compiled pipeline that ends in %s",
			listed("or", packageExtensions()...))
	}
	return nil
}

// checkAmbiguous refuses two files that the worker could not tell apart: it has every pipeline below the
// folder pipelines, so that "pipelines/a.yaml" would find "a.yaml" there.
func (l *library) checkAmbiguous(name string, content []byte) error {
	for _, other := range []string{pipelinesFolder + "/" + name, strings.TrimPrefix(name, pipelinesFolder+"/")} {
		if found, asked := l.known[other]; asked && found.err == nil && !bytes.Equal(content, found.content) {
			return fmt.Errorf("is another file than %s of another entry, which the worker could not tell apart; rename one of the two", quote(other))
		}
	}
	return nil
}
