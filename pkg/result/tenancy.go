package result

import "github.com/kfpperf/kubectl-kfpperf/pkg/scenario"

// Tenancy says which part of a scenario over namespaces a document is of.
type Tenancy struct {
	// Namespace is the one whose share of the entries was carried out.
	Namespace string `json:"namespace"`
	// Namespaces are all that the scenario names, in its order; each has a document of its own.
	Namespaces []string `json:"namespaces"`
}

// Share is one of several equal parts of an entry: of its slots, numbered from 0, those whose number leaves Index
// when divided by Of, and as much of its clients. 0 of 1 is the whole.
type Share struct {
	Index int `json:"index"`
	Of    int `json:"of"`
}

// isPart reports whether the document has only a part of what the scenario asks for.
func (d *Document) isPart() bool { return d.Tenancy != nil && len(d.Tenancy.Namespaces) > 1 }

// asked returns what the scenario says of an entry.
func (d *Document) asked(e Entry) (scenario.Entry, bool) {
	if e.Index < 0 || e.Index >= len(d.Scenario.Entries) {
		return scenario.Entry{}, false
	}
	return d.Scenario.Entries[e.Index], true
}

// shared returns, of all entries of the scenario, the places, from 0, of those that several namespaces share.
func shared(entries []scenario.Entry) []int {
	var places []int
	for i, e := range entries {
		if len(e.Namespaces) > 1 {
			places = append(places, i)
		}
	}
	return places
}
