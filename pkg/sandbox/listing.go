package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// column is what filters and sort_by see of rows.
type column[T row] struct {
	// get returns a row's value. Without it the column is one that KFP's API knows and its database does
	// not: using it is a server error.
	get  func(one T, now time.Time) value
	kind columnKind
}

// columnKind says how the rows with a value are found.
type columnKind int

const (
	// plain values are looked for in every row.
	plain columnKind = iota
	// identifying values are in at most one row each.
	identifying
	// naming values have a group of their own.
	naming
)

// listing is a kind of list.
type listing[T row] struct {
	table   *table[T]
	columns map[string]column[T]
	// name is the group of the rows of a name; needed with a naming column.
	name func(name string) string
}

// page is one page of a list.
type page[T row] struct {
	items   []T
	message pageMessage
}

// lists are the server's. They are made once: a list is what costs most of all that is called often.
type lists struct {
	experiments listing[*experiment]
	pipelines   listing[*pipeline]
	versions    listing[*version]
	runs        listing[*run]
	recurring   listing[*recurringRun]
}

func newLists(s *store) lists {
	return lists{s.experimentListing(), s.pipelineListing(), s.versionListing(), s.runListing(), s.recurringListing()}
}

// grouping returns the group that a request lists, which has these values in its query, or what forbids it.
type grouping func(r *http.Request, values url.Values) (string, *refusal)

// list answers a request with a page of the rows of a group, and takes the time that it costs. message tells of
// a row while nothing can change.
func list[T row, M any](
	s *Server, r *http.Request, l listing[T], within grouping, message func(T, time.Time) M,
) (messages []M, end pageMessage, refused *refusal) {
	values := r.URL.Query()
	q, refused := parseQuery(values)
	if refused != nil {
		return nil, end, refused
	}
	group, refused := within(r, values)
	if refused != nil {
		return nil, end, refused
	}
	if refused := l.check(q); refused != nil {
		return nil, end, refused
	}
	s.store.mu.RLock()
	now := s.Now()
	candidates, where := l.candidates(q.where, group)
	q.where = where
	found := choose(l, candidates, q, now)
	messages = make([]M, 0, len(found.items))
	for _, one := range found.items {
		messages = append(messages, message(one, now))
	}
	s.store.mu.RUnlock()
	return messages, found.message, wait(r.Context(), time.Duration(len(candidates))*s.options.ListCost)
}

// timeless makes a message of list's of one that tells the same at all times.
func timeless[T row, M any](message func(T) M) func(T, time.Time) M {
	return func(one T, _ time.Time) M { return message(one) }
}

// namespaceAsked returns the group of the namespace that a request names, if authorize lets its caller in.
func (s *Server) namespaceAsked(authorize func(*http.Request, string) *refusal) grouping {
	return func(r *http.Request, values url.Values) (string, *refusal) {
		namespace := s.namespaceOf(values.Get("namespace"))
		return inNamespace(namespace), authorize(r, namespace)
	}
}

// check refuses columns that there are not.
func (l listing[T]) check(q query) *refusal {
	for _, p := range q.where {
		if _, known := l.columns[p.key]; !known {
			return invalid("no support for filtering on unrecognized field %q", p.key)
		}
	}
	sortBy, known := l.columns[q.cursor.SortBy]
	if !known {
		return invalid("Invalid sorting field: %q", q.cursor.SortBy)
	}
	if sortBy.get == nil {
		return internal("Unknown column %q in 'ORDER BY'", q.cursor.SortBy)
	}
	for _, p := range q.where {
		if l.columns[p.key].get == nil {
			return internal("Unknown column %q in 'WHERE'", p.key)
		}
	}
	return nil
}

// candidates returns, in order, the rows of a group that may meet the conditions, and the conditions that they
// still have to meet: the rows with an id or a name when the conditions say one, as a database uses its indices,
// else all.
func (l listing[T]) candidates(where []predicate, group string) (rows[T], []predicate) {
	for i, p := range where {
		equal := p.operation == "EQUALS" || p.operation == "IN"
		if l.columns[p.key].kind != identifying || !equal {
			continue
		}
		var found rows[T]
		for _, wanted := range p.values {
			one, known := l.table.get(fold(wanted.Text))
			if !known || !inGroup(one, group) {
				continue
			}
			if _, twice := found.find(one.head()); !twice {
				found.add(one)
			}
		}
		return found, without(where, i)
	}
	for i, p := range where {
		if l.columns[p.key].kind != naming || p.operation != "EQUALS" || p.values[0].Numeric {
			continue
		}
		var found rows[T]
		for _, one := range l.table.within(l.name(p.values[0].Text)) {
			if inGroup(one, group) {
				found = append(found, one)
			}
		}
		return found, without(where, i)
	}
	return l.table.within(group), where
}

// without returns the conditions but one.
func without(where []predicate, i int) []predicate { return slices.Delete(slices.Clone(where), i, i+1) }

// inGroup reports whether a row is in a group, in which all are when it has no name.
func inGroup[T row](one T, group string) bool {
	if group == "" {
		return true
	}
	return slices.Contains(one.head().groups, group)
}

// meets reports whether a row meets all conditions.
func (l listing[T]) meets(one T, where []predicate, now time.Time) bool {
	for _, p := range where {
		if !p.matches(l.columns[p.key].get(one, now)) {
			return false
		}
	}
	return true
}
