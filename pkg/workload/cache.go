package workload

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Why caching was left as it is, to be followed by what that means.
const (
	doubtArchive  = "it is an archive"
	doubtV1       = "it is not a v2 package"
	doubtUnparsed = "it could not be parsed"
	doubtEncoding = "its text encoding is unusual"
)

// setCache returns a pipeline package with cachingOptions.enableCache on or off in every task of root.dag
// and of each component's dag; that is where the v2 intermediate representation keeps it, and a run has no
// switch of its own. All else stays byte for byte, so that the package measured is the package given. A task
// without the option is not cached (proto3: absent is false) and stays as it is. Where it cannot be done the
// package is returned unchanged, with the reason.
func setCache(content []byte, enable bool) (rewritten []byte, doubt string) {
	if isArchive(content) {
		return content, doubtArchive
	}
	var switches []*yaml.Node
	var v2 bool
	documents := yaml.NewDecoder(bytes.NewReader(content))
	for {
		var document yaml.Node
		err := documents.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return content, doubtUnparsed
		}
		found, isPipeline := cacheSwitches(&document, !enable)
		switches = append(switches, found...)
		v2 = v2 || isPipeline
	}
	if !v2 {
		return content, doubtV1
	}
	rewritten, ok := replaceScalars(content, switches, strconv.FormatBool(enable))
	if !ok {
		return content, doubtEncoding
	}
	return rewritten, ""
}

// isArchive reports whether a package is packed, by its first bytes, as the server does.
func isArchive(content []byte) bool {
	return bytes.HasPrefix(content, []byte("\x1f\x8b")) || bytes.HasPrefix(content, []byte("PK\x03\x04"))
}

// cacheSwitches returns the values of enableCache in a document of a package that are on, or off, and
// whether the document is a v2 pipeline at all.
func cacheSwitches(document *yaml.Node, on bool) (switches []*yaml.Node, v2 bool) {
	if len(document.Content) == 0 {
		return nil, false
	}
	pipeline := document.Content[0]
	dags := []*yaml.Node{at(pipeline, "root", "dag")}
	for _, component := range values(at(pipeline, "components")) {
		dags = append(dags, at(component, "dag"))
	}
	for _, dag := range dags {
		for _, task := range values(at(dag, "tasks")) {
			value := at(task, "cachingOptions", "enableCache")
			if value != nil && value.Tag == "!!bool" && strings.EqualFold(value.Value, strconv.FormatBool(on)) {
				switches = append(switches, value)
			}
		}
	}
	return switches, at(pipeline, "root") != nil
}

// at follows keys into nested mappings and returns nil where one is missing.
func at(node *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		node = resolved(node)
		if node == nil || node.Kind != yaml.MappingNode {
			return nil
		}
		i := 0
		for i < len(node.Content) && node.Content[i].Value != key {
			i += 2
		}
		if i >= len(node.Content) {
			return nil
		}
		node = node.Content[i+1]
	}
	return resolved(node)
}

// values returns the values of a mapping.
func values(node *yaml.Node) []*yaml.Node {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	var all []*yaml.Node
	for i := 1; i < len(node.Content); i += 2 {
		all = append(all, node.Content[i])
	}
	return all
}

// resolved returns what an alias stands for, else the node.
func resolved(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// replaceScalars returns content with each of the plain scalars replaced by text. It reports false when a
// scalar is not where its position says.
func replaceScalars(content []byte, scalars []*yaml.Node, text string) ([]byte, bool) {
	starts := map[int]int{}
	for _, scalar := range scalars {
		start, ok := offset(content, scalar.Line, scalar.Column)
		if !ok || !bytes.HasPrefix(content[start:], []byte(scalar.Value)) {
			return nil, false
		}
		starts[start] = len(scalar.Value)
	}
	var replaced []byte
	end := 0
	for _, start := range slices.Sorted(maps.Keys(starts)) {
		replaced = append(append(replaced, content[end:start]...), text...)
		end = start + starts[start]
	}
	return append(replaced, content[end:]...), true
}

// offset returns the byte at a line and column, both from 1, columns in characters.
func offset(content []byte, line, column int) (int, bool) {
	start := 0
	for ; line > 1; line-- {
		next := bytes.IndexByte(content[start:], '\n')
		if next < 0 {
			return 0, false
		}
		start += next + 1
	}
	for ; column > 1; column-- {
		_, size := utf8.DecodeRune(content[start:])
		if size == 0 {
			return 0, false
		}
		start += size
	}
	return start, true
}
