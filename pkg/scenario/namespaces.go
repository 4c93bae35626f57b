package scenario

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxNamespaces is how many namespaces an entry, and a scenario, may name: each gets a Job of its own.
const maxNamespaces = 200

// The names of the fields of namespaces that are counted.
const (
	fieldPrefix = "prefix"
	fieldCount  = "count"
)

// someNamespaces and aNamespace are what namespaces have to be.
const (
	someNamespaces = `["team-1", "team-2"]`
	aNamespace     = "the name of a namespace: small letters, digits and, inside, hyphens, 63 characters at the most"
)

// namespaces reads those that an entry is spread over: a list of names, or a count over a prefix, which
// becomes the same list. It returns nil where the file says nothing of them.
func (r *reader) namespaces(node *yaml.Node) []string {
	switch {
	case node == nil || node.Kind == 0:
		return nil
	case node.Kind == yaml.MappingNode:
		return r.counted(node)
	case node.Kind != yaml.SequenceNode:
		r.fault(node, "namespaces is %s; expected a list such as %s, or {\"prefix\": \"team-\", \"count\": 2}", describe(node), someNamespaces)
		return nil
	}
	var names []string
	for _, element := range r.list(fieldNamespaces, node, maxNamespaces, someNamespaces) {
		switch {
		case element.Kind == 0:
			continue
		case element.Kind != yaml.ScalarNode || element.Tag != tagString || !isNamespace(element.Value):
			r.fault(element, "this namespace is %s; expected %s", describe(element), aNamespace)
			continue
		case slices.Contains(names, element.Value):
			r.fault(element, "namespace %s is named again; expected each once, so remove one of the two", quote(element.Value))
			continue
		}
		names = append(names, element.Value)
	}
	return names
}

// counted reads a prefix and how many namespaces begin with it: prefix1, prefix2 and so on.
func (r *reader) counted(mapping *yaml.Node) []string {
	fields := r.known(mapping, " of namespaces", []string{fieldPrefix, fieldCount})
	prefix, count := fields[fieldPrefix], fields[fieldCount]
	for _, needed := range []string{fieldPrefix, fieldCount} {
		if !has(mapping, needed) {
			r.fault(mapping, "%s is missing in namespaces; expected {\"prefix\": \"team-\", \"count\": 2}", needed)
			return nil
		}
	}
	n := r.whole(fieldCount, count, 1, maxNamespaces)
	if prefix == nil || prefix.Kind == 0 || n == 0 {
		return nil
	}
	if prefix.Kind != yaml.ScalarNode || prefix.Tag != tagString || !isPrefix(prefix.Value) {
		r.fault(prefix, "prefix is %s; expected how names of namespaces begin: small letters, digits and, behind the first, hyphens, 60 characters at the most",
			describe(prefix))
		return nil
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", prefix.Value, i+1)
	}
	return names
}

// isNamespace tells whether Kubernetes would take a text for the name of a namespace.
func isNamespace(text string) bool {
	return regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`).MatchString(text)
}

// isPrefix tells whether a text with up to three digits behind it is such a name.
func isPrefix(text string) bool {
	return regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`).MatchString(text)
}

// checkTogether refuses more namespaces than a scenario may have Jobs.
func (r *reader) checkTogether(e Entry, node *yaml.Node) {
	before := len(r.named)
	for _, name := range e.Namespaces {
		if r.named == nil {
			r.named = map[string]bool{}
		}
		r.named[name] = true
	}
	if before <= maxNamespaces && len(r.named) > maxNamespaces {
		r.fault(node, "with these the scenario has %d namespaces; expected %d at the most, because each gets a Job", len(r.named), maxNamespaces)
	}
}

// checkShares refuses an entry that leaves one of its namespaces without anything to do.
func (r *reader) checkShares(e Entry, fields map[string]*yaml.Node) {
	n := len(e.Namespaces)
	if n < 2 || e.Mode == "" || e.RunTime <= 0 {
		return
	}
	at := func(field string) *yaml.Node {
		if node := fields[field]; node != nil {
			return node
		}
		return fields[fieldNamespaces]
	}
	switch {
	case e.NumTimes > 0 && e.NumTimes < n:
		r.fault(at(fieldNumTimes), "numTimes is %d, and there are %d namespaces; expected one for each at least", e.NumTimes, n)
	case e.WarmUp != nil && e.NumTimes > e.WarmUp.Count && e.NumTimes-e.WarmUp.Count < n && (e.Mode != RandomGets || e.Load != nil):
		r.fault(at(fieldWarmUp), "warmUp leaves %d pieces of work to be counted, and there are %d namespaces; expected one for each at least", e.NumTimes-e.WarmUp.Count, n)
	}
	if e.Load == nil {
		return
	}
	most, total := e.Load.amount(time.Duration(e.RunTime))
	switch {
	case !e.Load.Open() && most > 0 && most < n:
		r.fault(at(fieldLoad), "load keeps %d in flight at the most, and there are %d namespaces; expected one for each at least", most, n)
	case e.Load.Open() && total > 0 && total < float64(n):
		r.fault(at(fieldLoad), "load starts %d pieces of work in all, and there are %d namespaces; expected one for each at least", int(math.Ceil(total)), n)
	case e.Load.MaxInFlight > 0 && e.Load.MaxInFlight < n:
		r.fault(at(fieldLoad), "maxInFlight is %d, and there are %d namespaces; expected one for each at least", e.Load.MaxInFlight, n)
	}
}

// amount returns the most that a closed loop has in flight, and how much work an open loop starts in a time.
func (s *Shape) amount(runTime time.Duration) (most int, total float64) {
	most, total = s.InFlight, float64(s.Rate)*runTime.Seconds()
	rate := 0.0
	for _, stage := range s.Stages {
		if stage.InFlight != nil {
			most = max(most, *stage.InFlight)
		}
		if stage.Rate != nil {
			total += (rate + float64(*stage.Rate)) / 2 * time.Duration(stage.For).Seconds()
			rate = float64(*stage.Rate)
		}
	}
	return most, total
}
