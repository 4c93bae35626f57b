package scenario

import (
	"encoding/json"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// params reads the parameters of the runs.
func (r *reader) params(node *yaml.Node) map[string]any {
	if !r.isMapping(fieldParams, node, `of names to values such as {"a": 1}`) || len(node.Content) == 0 {
		return nil
	}
	return r.object(node)
}

func (r *reader) object(mapping *yaml.Node) map[string]any {
	object := map[string]any{}
	for name, value := range r.fields(mapping) {
		object[name.Value] = r.value(value)
	}
	return object
}

// value reads a value of params: what JSON has, with numbers as they are written, so that none loses
// precision.
func (r *reader) value(node *yaml.Node) any {
	switch {
	case node.Kind == yaml.MappingNode:
		return r.object(node)
	case node.Kind == yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, element := range node.Content {
			list[i] = r.value(element)
		}
		return list
	case isNumber(node):
		if _, err := strconv.ParseFloat(node.Value, 64); err != nil {
			r.fault(node, "%s is out of the range of numbers; put quotes around it to make it text", describe(node))
		}
		return json.Number(node.Value)
	case node.Tag == tagInt || node.Tag == tagFloat:
		r.fault(node, "%s is a number that JSON cannot express; write it as a decimal, or put quotes around it to make it text", describe(node))
		return nil
	case node.Tag == tagBool:
		return isTrue(node)
	case node.Tag == tagNull:
		return nil
	}
	return node.Value // text, and dates, which are text in JSON
}
