package scenario

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxPackage is the largest pipeline that KFP takes, packed or not: 32 MiB.
const maxPackage = 32 << 20

// packageExtensions are those that KFP's server takes.
func packageExtensions() []string { return []string{".yaml", ".yml", ".json", ".zip", ".tar.gz"} }

// checkPackage tells whether KFP would take content for a pipeline: an Argo Workflow (v1), or KFP's
// intermediate representation (v2). It does not check what only the server knows. The error is the rest
// of a sentence that begins with the pipeline's name, and quotes where in the pipeline the fault is.
func checkPackage(file string, content []byte) error {
	at := file
	if isArchive(file) {
		member, unpacked, err := unpack(content)
		if err != nil {
			return fmt.Errorf("is broken: %s: %w; expected an archive that holds a pipeline.yaml, and no more than KFP takes", file, err)
		}
		at, content = file+"("+member+")", unpacked
	}
	err := checkSpec(content)
	if wrong := (*specError)(nil); errors.As(err, &wrong) {
		return fmt.Errorf("is broken: %s:%d: %s", at, wrong.line, wrong.message)
	}
	return err
}

// isArchive tells whether a pipeline is packed.
func isArchive(file string) bool {
	return strings.HasSuffix(file, ".zip") || strings.HasSuffix(file, ".tar.gz")
}

// specError is a fault of a pipeline and where it is.
type specError struct {
	line    int
	message string
}

func specErrorf(line int, format string, args ...any) error {
	return &specError{line, fmt.Sprintf(format, args...)}
}

// Error returns the message; the line needs a file's name before it.
func (e *specError) Error() string { return e.message }

// checkSpec looks at pipelines as KFP's server does: a Workflow has to be the first document, the
// intermediate representation may be any, as documents of platforms may come before or after it.
func checkSpec(content []byte) error {
	var index int
	var recognised, workflowBehind bool
	err := eachDocument(content, func(document *yaml.Node) error {
		index++
		root := document.Content[0]
		if root.Kind != yaml.MappingNode {
			return nil
		}
		var spec map[string]any
		if err := root.Decode(&spec); err != nil {
			return decodeError(root, err)
		}
		workflow := isWorkflow(spec)
		recognised = recognised || workflow && index == 1 || isRepresentation(spec)
		workflowBehind = workflowBehind || workflow && index > 1
		return nil
	})
	wrong := (*specError)(nil)
	switch {
	case errors.As(err, &wrong) || err == nil && recognised:
		return err
	case err != nil:
		line, message := syntaxError(content, err)
		return specErrorf(line, "%s; check the quotes, brackets and indentation there", message)
	case workflowBehind:
		return specErrorf(1, "the Argo Workflow is not the first document of the file; expected it there")
	}
	return specErrorf(1, "this is neither an Argo Workflow (apiVersion argoproj.io/…, kind Workflow) nor a compiled KFP v2 pipeline "+
		"(pipelineInfo.name and root); expected what the KFP SDK's compiler writes")
}

func isWorkflow(spec map[string]any) bool {
	group, _ := spec["apiVersion"].(string)
	return strings.HasPrefix(group, "argoproj.io/") && spec["kind"] == "Workflow"
}

func isRepresentation(spec map[string]any) bool {
	info, _ := spec["pipelineInfo"].(map[string]any)
	name, _ := info["name"].(string)
	return name != "" && spec["root"] != nil
}

// decodeError keeps the first of the errors that the YAML parser found in well-formed text.
func decodeError(root *yaml.Node, err error) error {
	text := err.Error()
	if found := (*yaml.TypeError)(nil); errors.As(err, &found) && len(found.Errors) > 0 {
		text = found.Errors[0]
	}
	line, message := parserError(text)
	return specErrorf(max(line, root.Line), "%s; correct it there", message)
}

// unpack returns the pipeline in an archive and its name: pipeline.yaml, else the first file. As KFP's
// server does, it goes by the first bytes and not by the archive's name.
func unpack(packed []byte) (name string, content []byte, err error) {
	switch {
	case bytes.HasPrefix(packed, []byte("PK")):
		name, content, err = unzip(packed)
	case bytes.HasPrefix(packed, []byte("\x1f\x8b")):
		name, content, err = untar(packed)
	default:
		return "", nil, errors.New("this is neither a zip archive nor a gzipped tar archive")
	}
	if err == nil && !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") {
		err = fmt.Errorf("it holds no pipeline.yaml, and its first file %s is not YAML", quote(name))
	}
	return name, content, err
}

const packagedName = "pipeline.yaml"

var errEmptyArchive = errors.New("the archive is empty")

func unzip(packed []byte) (string, []byte, error) {
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return "", nil, err
	}
	if len(archive.File) == 0 {
		return "", nil, errEmptyArchive
	}
	member := archive.File[max(0, slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == packagedName }))]
	if member.UncompressedSize64 > maxPackage {
		return "", nil, errTooLarge
	}
	file, err := member.Open()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = file.Close() }() // it is only read
	content, err := readPackage(file)
	return member.Name, content, err
}

// untar reads through the whole archive if it must; the bound is one of the archive, so that no small file
// takes minutes to look through.
func untar(packed []byte) (string, []byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", nil, err
	}
	bounded := &io.LimitedReader{R: unzipped, N: maxPackage + 1}
	archive := tar.NewReader(bounded)
	var firstName string
	var first []byte
	for members := 0; ; members++ {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) && members > 0 {
			return firstName, first, nil
		}
		if errors.Is(err, io.EOF) {
			return "", nil, errEmptyArchive
		}
		var content []byte
		large := err == nil && header.Size > bounded.N
		if err == nil && !large {
			content, err = io.ReadAll(archive)
		}
		switch {
		case large || bounded.N <= 0:
			return "", nil, errTooLarge
		case err != nil:
			return "", nil, err
		case header.Name == packagedName:
			return header.Name, content, nil
		case members == 0:
			firstName, first = header.Name, content
		}
	}
}
