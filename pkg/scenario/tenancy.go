package scenario

import (
	"slices"
	"strconv"
)

// Share returns the place, from 0, of a namespace among those that the entry is spread over, and how many these
// are; false where it has no part in the entry. An entry that names none belongs to every namespace, as a whole.
func (e Entry) Share(namespace string) (index, of int, has bool) {
	if len(e.Namespaces) == 0 {
		return 0, 1, true
	}
	index = slices.Index(e.Namespaces, namespace)
	return index, len(e.Namespaces), index >= 0
}

// Namespaces returns those that entries name, each once, in the order of the file; nil where none does.
func (d *Document) Namespaces() []string {
	var names []string
	for _, e := range d.Entries {
		for _, name := range e.Namespaces {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Placed returns the document as it is carried out by somebody whose own namespace is home: where some entries
// name namespaces, those that do not belong there. A document in which none does is returned as it is.
func (d *Document) Placed(home string) *Document {
	if len(d.Namespaces()) == 0 {
		return d
	}
	placed := *d
	placed.Entries = slices.Clone(d.Entries)
	for i := range placed.Entries {
		if len(placed.Entries[i].Namespaces) == 0 {
			placed.Entries[i].Namespaces = []string{home}
		}
	}
	return &placed
}

// Within returns the document with only those entries of which a namespace has a share. Their places are others than
// in the whole.
func (d *Document) Within(namespace string) *Document {
	part := *d
	part.Entries = nil
	for _, e := range d.Entries {
		if _, _, has := e.Share(namespace); has {
			part.Entries = append(part.Entries, e)
		}
	}
	return &part
}

// numbered returns lists of names with numbers instead, from 1 in the order in which they come: what is asked
// of a server does not depend on what tenants are called, but on which entries they share.
func numbered(lists [][]string) [][]string {
	numbers := map[string]string{}
	all := make([][]string, len(lists))
	for i, list := range lists {
		for _, name := range list {
			if numbers[name] == "" {
				numbers[name] = strconv.Itoa(len(numbers) + 1)
			}
			all[i] = append(all[i], numbers[name])
		}
	}
	return all
}
