package scenario

import (
	"encoding/json"
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxLine is how many characters a name may have.
const maxLine = 63

// whole reads a whole number within bounds, and returns 0 for what is none.
func (r *reader) whole(field string, node *yaml.Node, least, most int) int {
	if node == nil || node.Kind == 0 {
		return 0
	}
	n, err := strconv.Atoi(node.Value)
	if err != nil || !isNumber(node) || n < least || n > most {
		r.fault(node, "%s is %s; expected a whole number from %d to %d", field, describe(node), least, most)
		return 0
	}
	return n
}

// seed reads a seed; nil where there is none.
func (r *reader) seed(node *yaml.Node) *uint64 {
	if node == nil || node.Kind == 0 {
		return nil
	}
	n, err := strconv.ParseUint(node.Value, 10, 64)
	if err != nil || !isNumber(node) || n > maxSeed {
		r.fault(node, "seed is %s; expected a whole number from 0 to 2^63 (%d)", describe(node), uint64(maxSeed))
		return nil
	}
	return &n
}

// truth reads true or false; nil where there is neither.
func (r *reader) truth(field string, node *yaml.Node) *bool {
	if node == nil || node.Kind == 0 {
		return nil
	}
	if node.Kind != yaml.ScalarNode || node.Tag != tagBool {
		r.fault(node, "%s is %s; expected true or false, without quotes", field, describe(node))
		return nil
	}
	truth := isTrue(node)
	return &truth
}

// isTrue returns the value of a node that is true or false.
func isTrue(node *yaml.Node) bool { return node.Value[0] == 't' || node.Value[0] == 'T' }

// line reads a name: a short text that can be shown anywhere.
func (r *reader) line(field string, node *yaml.Node) string {
	if node == nil || node.Kind == 0 {
		return ""
	}
	if node.Kind != yaml.ScalarNode || node.Tag != tagString || !isLine(node.Value) {
		r.fault(node, "%s is %s; expected a text of 1 to %d printable characters", field, describe(node), maxLine)
		return ""
	}
	return node.Value
}

// isLine tells whether a text has 1 to maxLine characters, all of which can be seen, or are blanks.
func isLine(text string) bool {
	n := 0
	for _, character := range text {
		n++
		if n > maxLine || !unicode.IsPrint(character) {
			return false
		}
	}
	return n > 0 && utf8.ValidString(text)
}

// labels reads labels, none as nil.
func (r *reader) labels(node *yaml.Node) map[string]string {
	if !r.isMapping(fieldLabels, node, `of text to text such as {"team": "a"}`) || len(node.Content) == 0 {
		return nil
	}
	labels := map[string]string{}
	for name, value := range r.fields(node) {
		switch {
		case !isLine(name.Value):
			r.fault(name, "the label %s has no proper name; expected 1 to %d printable characters", quote(name.Value), maxLine)
		case value.Kind == 0:
		case value.Kind != yaml.ScalarNode || value.Tag != tagString || value.Value != "" && !isLine(value.Value):
			r.fault(value, "the label %s is %s; expected a text of at most %d printable characters, so put quotes around it",
				quote(name.Value), describe(value), maxLine)
		}
		labels[name.Value] = value.Value
		if len(labels) > maxLabels {
			r.fault(name, "this is label %d; expected %d at the most", len(labels), maxLabels)
			return nil
		}
	}
	return labels
}

// amount reads a number, and returns false for what is none.
func amount(node *yaml.Node) (float64, bool) {
	if !isNumber(node) {
		return 0, false
	}
	n, err := strconv.ParseFloat(node.Value, 64)
	return n, err == nil && !math.IsInf(n, 0)
}

// isNumber tells whether a node is a number as JSON writes it: neither .nan nor .inf, and none of the
// forms that people read differently than YAML does, such as 010 and 1_0.
func isNumber(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && (node.Tag == tagInt || node.Tag == tagFloat) && json.Valid([]byte(node.Value))
}
