package scenario

import "go.yaml.in/yaml/v3"

// fieldScenarios is what the array of entries is called in a document that is an object.
const fieldScenarios = "scenarios"

// defaultSeed is that of a document that names none.
const defaultSeed = 1

// documentFields are those that a document may have, in the order in which people are told of them.
func documentFields() []string {
	return []string{fieldName, fieldSeed, fieldScenarios, fieldThresholds}
}

// document reads the root: an array of entries, or an object that holds one.
func (r *reader) document(d *Document, root *yaml.Node) {
	if root.Kind != yaml.MappingNode {
		d.Entries = r.entries(root)
		return
	}
	if isEntry(root) {
		r.fault(root, "this is one entry; expected %s, so put brackets around it", anExample)
		return
	}
	fields := r.known(root, " of the document", documentFields())
	if name := r.line(fieldName, fields[fieldName]); name != "" {
		d.Name, d.named = name, true
	}
	if seed := r.seed(fields[fieldSeed]); seed != nil {
		d.Seed = *seed
	}
	d.Thresholds = r.thresholds(fields[fieldThresholds])
	if fields[fieldScenarios] == nil {
		r.fault(root, "scenarios is missing; expected %s", anExample)
		return
	}
	d.Entries = r.entries(fields[fieldScenarios])
}

// isEntry tells whether a mapping is an entry that lacks the array around it.
func isEntry(mapping *yaml.Node) bool {
	return has(mapping, fieldMode) && !has(mapping, fieldScenarios)
}

// entries reads the array of entries.
func (r *reader) entries(list *yaml.Node) []Entry {
	switch {
	case list.Kind == 0:
		return nil
	case list.Kind != yaml.SequenceNode:
		r.fault(list, "this is %s; expected %s", describe(list), anExample)
		return nil
	case len(list.Content) == 0:
		r.fault(list, "the scenario has no entries; expected %s", anExample)
	case len(list.Content) > maxEntries:
		r.fault(list.Content[maxEntries], "this is entry %d; expected %d at the most, so use numTimes or split the file",
			maxEntries+1, maxEntries)
	}
	var entries []Entry
	for _, node := range list.Content[:min(len(list.Content), maxEntries)] {
		if e, ok := r.entry(node); ok {
			entries = append(entries, e)
		}
	}
	return entries
}
