package scenario

import (
	"iter"
	"slices"

	"go.yaml.in/yaml/v3"
)

// known returns the values of a mapping by their names, after telling of names that are not known.
// Messages say where: nothing for an entry, else such as " of load".
func (r *reader) known(mapping *yaml.Node, where string, names []string) map[string]*yaml.Node {
	fields := map[string]*yaml.Node{}
	for name, value := range r.fields(mapping) {
		if !slices.Contains(names, name.Value) {
			r.fault(name, "unknown field %s%s%s", quote(name.Value), where, orSuggest(name.Value, names))
			continue
		}
		fields[name.Value] = value
	}
	return fields
}

// fields yields the names and values of a mapping that may be used: names that are not text, or that come
// again, are told of and left out.
func (r *reader) fields(mapping *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(name, value *yaml.Node) bool) {
		lines := map[string]int{}
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			name, value := mapping.Content[i], mapping.Content[i+1]
			first, again := lines[name.Value]
			switch {
			case name.Kind == 0:
				continue
			case name.Kind != yaml.ScalarNode || name.Tag != tagString:
				r.fault(name, "this name is %s; expected text, so put quotes around it", describe(name))
				continue
			case again:
				r.fault(name, "%s is given again; it was first given in line %d, so remove one of the two", quote(name.Value), first)
				continue
			}
			lines[name.Value] = name.Line
			if !yield(name, value) {
				return
			}
		}
	}
}

// isMapping tells whether a field is there and a mapping, after telling of anything else.
func (r *reader) isMapping(field string, node *yaml.Node, example string) bool {
	if node == nil || node.Kind == 0 {
		return false
	}
	if node.Kind != yaml.MappingNode {
		r.fault(node, "%s is %s; expected a mapping %s", field, describe(node), example)
	}
	return node.Kind == yaml.MappingNode
}

// list returns the elements of a list, after telling of anything else, and of one that is empty or too
// long.
func (r *reader) list(field string, node *yaml.Node, most int, example string) []*yaml.Node {
	switch {
	case node == nil || node.Kind == 0:
		return nil
	case node.Kind != yaml.SequenceNode:
		r.fault(node, "%s is %s; expected a list such as %s", field, describe(node), example)
		return nil
	case len(node.Content) == 0:
		r.fault(node, "%s is an empty list; expected a list such as %s, or remove it", field, example)
	case len(node.Content) > most:
		r.fault(node.Content[most], "this is element %d of %s; expected %d at the most", most+1, field, most)
		return nil
	}
	return node.Content
}

// has tells whether a field is given in a mapping.
func has(mapping *yaml.Node, field string) bool {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == field {
			return true
		}
	}
	return false
}
