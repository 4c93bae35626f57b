package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// parseJSON returns the root of a JSON text, as the YAML parser would.
func (r *reader) parseJSON(text []byte) *yaml.Node {
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		at := cursor{text: text}
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			at.advance(int(syntax.Offset) - 1) // Offset is behind the faulty byte
		}
		r.tell(at.line+1, at.column+1,
			"this is not JSON: %v; a file that ends in .json has to be JSON, without comments and trailing commas", err)
		return nil
	}
	tokens := json.NewDecoder(bytes.NewReader(text))
	tokens.UseNumber()
	j := jsonTree{tokens: tokens, at: cursor{text: text}}
	root, err := j.value()
	if err != nil {
		r.tell(j.at.line+1, j.at.column+1, "this is not JSON: %v", err)
		return nil
	}
	return root
}

// jsonTree builds YAML nodes from the tokens of a text that is valid JSON.
type jsonTree struct {
	tokens *json.Decoder
	at     cursor
}

func (j *jsonTree) value() (*yaml.Node, error) {
	j.at.advanceOver(int(j.tokens.InputOffset()), " \t\r\n,:")
	node := &yaml.Node{Kind: yaml.ScalarNode, Line: j.at.line + 1, Column: j.at.column + 1}
	token, err := j.tokens.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case string:
		node.Tag, node.Value, node.Style = tagString, token, yaml.DoubleQuotedStyle
	case json.Number:
		node.Tag, node.Value = tagFloat, token.String()
		if !strings.ContainsAny(token.String(), ".eE") {
			node.Tag = tagInt
		}
	case bool:
		node.Tag, node.Value = tagBool, "false"
		if token {
			node.Value = "true"
		}
	case nil:
		node.Tag, node.Value = tagNull, "null"
	case json.Delim:
		node.Kind = yaml.SequenceNode
		if token == '{' {
			node.Kind = yaml.MappingNode
		}
		return node, j.children(node)
	}
	return node, nil
}

// children reads what is inside an array or, with names and values taking turns, an object.
func (j *jsonTree) children(node *yaml.Node) error {
	for j.tokens.More() {
		child, err := j.value()
		if err != nil {
			return err
		}
		node.Content = append(node.Content, child)
	}
	_, err := j.tokens.Token() // the closing bracket
	return err
}

// cursor walks over a text. Line and column count from 0, columns in characters.
type cursor struct {
	text                 []byte
	offset, line, column int
}

// advance goes forward to an offset, or to the end of the text.
func (c *cursor) advance(to int) {
	to = min(to, len(c.text))
	for c.offset < to {
		r, size := utf8.DecodeRune(c.text[c.offset:])
		c.offset += size
		c.column++
		if r == '\n' {
			c.line, c.column = c.line+1, 0
		}
	}
}

// advanceOver goes forward to an offset and on over some characters of ASCII.
func (c *cursor) advanceOver(to int, characters string) {
	for to < len(c.text) && bytes.IndexByte([]byte(characters), c.text[to]) >= 0 {
		to++
	}
	c.advance(to)
}
