package sandbox

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// entry is what all rows of tables have. It never changes once the row is in its table.
type entry struct {
	id      string
	created time.Time
	// groups are the parts of the table that the row is in.
	groups []string
}

func (e *entry) head() *entry { return e }

// compare orders rows as lists do unless they are told otherwise: by the second of their creation, then by
// their ids, which is any order.
func (e *entry) compare(other *entry) int {
	return cmp.Or(cmp.Compare(e.created.Unix(), other.created.Unix()), strings.Compare(e.id, other.id))
}

// row is what a table can hold.
type row interface {
	comparable
	head() *entry
}

// table holds rows in order, as a whole and in each of their groups, so that a list of a hundred thousand
// costs no more than its page.
type table[T row] struct {
	all    rows[T]
	groups map[string]*rows[T]
	byID   map[string]T
}

func newTable[T row]() table[T] {
	return table[T]{groups: map[string]*rows[T]{}, byID: map[string]T{}}
}

// The groups of rows.
func inNamespace(namespace string) string   { return "namespace " + namespace }
func inExperiment(id string) string         { return "experiment " + id }
func ofPipeline(id string) string           { return "pipeline " + id }
func called(name string) string             { return "name " + fold(name) }
func calledIn(within, name string) string   { return within + " name " + fold(name) }
func (t *table[T]) has(group string) bool   { return t.groups[group] != nil }
func (t *table[T]) get(id string) (T, bool) { one, found := t.byID[id]; return one, found }

func (t *table[T]) add(one T) {
	head := one.head()
	t.byID[head.id] = one
	t.all.add(one)
	for _, group := range head.groups {
		if t.groups[group] == nil {
			t.groups[group] = &rows[T]{}
		}
		t.groups[group].add(one)
	}
}

func (t *table[T]) remove(one T) {
	head := one.head()
	delete(t.byID, head.id)
	t.all.remove(one)
	for _, group := range head.groups {
		if t.groups[group].remove(one); len(*t.groups[group]) == 0 {
			delete(t.groups, group)
		}
	}
}

// within returns the rows of a group, or all.
func (t *table[T]) within(group string) rows[T] {
	if group == "" {
		return t.all
	}
	if found := t.groups[group]; found != nil {
		return *found
	}
	return nil
}

// rows are in the order of entry.compare.
type rows[T row] []T

// add puts a row into its place, which is nearly always at the end.
func (r *rows[T]) add(one T) {
	place, _ := r.find(one.head())
	*r = slices.Insert(*r, place, one)
}

func (r *rows[T]) remove(one T) {
	if place, found := r.find(one.head()); found {
		*r = slices.Delete(*r, place, place+1)
	}
}

// find returns where a row is, or would be.
func (r rows[T]) find(head *entry) (int, bool) { //nolint:revive // a slice is read here
	return slices.BinarySearchFunc(r, head, func(one T, head *entry) int { return one.head().compare(head) })
}

// fold returns names that are equal for KFP's MySQL as the same text: it takes no notice of case and of
// spaces at the end.
func fold(text string) string { return strings.ToLower(strings.TrimRight(text, " ")) }
