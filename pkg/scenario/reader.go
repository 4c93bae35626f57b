package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The tags of the values that a scenario is made of, as the YAML parser spells them.
const (
	tagString = "!!str"
	tagInt    = "!!int"
	tagFloat  = "!!float"
	tagBool   = "!!bool"
	tagNull   = "!!null"
	tagMerge  = "!!merge"
)

// byteOrderMark is what some editors write before UTF-8 text.
const byteOrderMark = "\ufeff"

// reader turns the text of a scenario into entries and collects all faults on the way.
type reader struct {
	file      string
	pipelines *library
	faults    Errors
	// named are the namespaces of all entries so far.
	named map[string]bool
}

// tell adds a fault.
func (r *reader) tell(line, column int, format string, args ...any) {
	r.faults = append(r.faults, Error{File: r.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
}

// fault adds a fault of a node.
func (r *reader) fault(at *yaml.Node, format string, args ...any) {
	r.tell(at.Line, at.Column, format, args...)
}

// parse returns the root of a text, or nil after telling why there is none. Text that is JSON is read as
// JSON whatever the file is called: YAML's parser knows neither all of JSON's escapes nor a line break
// before a colon.
func (r *reader) parse(text []byte) *yaml.Node {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	var root *yaml.Node
	switch {
	case len(text) > maxText:
		r.tell(1, 1, "the file has more than %d KiB, too much for a scenario; split it", maxText>>10)
	case !utf8.Valid(text):
		at := cursor{text: text}
		at.advance(invalidUTF8(text))
		r.tell(at.line+1, at.column+1, "this is not UTF-8 text; save the file as UTF-8")
	case len(bytes.TrimSpace(text)) == 0:
		r.tell(1, 1, "the file is empty; expected %s", anExample)
	case json.Valid(text) || filepath.Ext(r.file) == ".json":
		root = r.parseJSON(text)
	default:
		root = r.parseYAML(text)
	}
	if root != nil {
		r.restrict(root, 0)
	}
	return root
}

// restrict tells of everything in a tree that would make a scenario more than it seems to be, and takes
// it out: what has been told of has no kind, and is passed over from then on.
func (r *reader) restrict(node *yaml.Node, depth int) {
	told := true
	switch {
	case node.Kind == yaml.AliasNode:
		r.fault(node, "aliases such as *%s are not supported; write the value out", node.Value)
	case node.Style&yaml.TaggedStyle != 0:
		r.fault(node, "tags such as %s are not supported; remove it, and put quotes around text", quote(node.Tag))
	case node.Tag == tagMerge:
		r.fault(node, "merge keys (<<) are not supported; write the fields out")
	case depth > maxDepth:
		r.fault(node, "this is nested more than %d levels deep; expected less", maxDepth)
	default:
		told = false
	}
	if told {
		*node = yaml.Node{Line: node.Line, Column: node.Column}
	}
	for _, child := range node.Content {
		r.restrict(child, depth+1)
	}
}

// invalidUTF8 returns where the text stops being UTF-8.
func invalidUTF8(text []byte) int {
	for offset := 0; offset < len(text); {
		r, size := utf8.DecodeRune(text[offset:])
		if r == utf8.RuneError && size == 1 {
			return offset
		}
		offset += size
	}
	return len(text)
}

// describe names a value in a message.
func describe(node *yaml.Node) string {
	switch {
	case node.Kind == yaml.MappingNode:
		return "a mapping"
	case node.Kind == yaml.SequenceNode:
		return "a list"
	case node.Tag == tagNull && node.Value == "":
		return "empty"
	case node.Tag == tagString:
		return quote(node.Value)
	}
	return node.Value
}

// quote makes text fit for a message, whatever it holds.
func quote(text string) string {
	const enough = 60
	if utf8.RuneCountInString(text) > enough {
		text = string([]rune(text)[:enough]) + "…"
	}
	return strconv.Quote(text)
}
