package sandbox

import (
	"net/http"
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

// list answers the query of a request with the rows of a group, and takes the time that it costs. show is
// called with the page while nothing can change.
func list[T row](s *Server, r *http.Request, l listing[T], q query, group string, show func(page[T], time.Time)) *refusal {
	if refused := l.check(q); refused != nil {
		return refused
	}
	s.store.mu.RLock()
	now := s.Now()
	candidates, where := l.candidates(q.where, group)
	q.where = where
	found := choose(l, candidates, q, now)
	show(found, now)
	s.store.mu.RUnlock()
	return wait(r.Context(), time.Duration(len(candidates))*s.options.ListCost)
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
