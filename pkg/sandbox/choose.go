package sandbox

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"
)

// choose returns the page of a query among candidates. Rows of equal values are in the order of their ids.
func choose[T row](l listing[T], candidates rows[T], q query, now time.Time) page[T] {
	var chosen page[T]
	var next []placed[T]
	if q.cursor.SortBy == createdAt {
		chosen.message.TotalSize, next = chooseInOrder(l, candidates, q, now)
	} else {
		chosen.message.TotalSize, next = chooseBest(l, candidates, q, now)
	}
	if len(next) > q.size {
		follower := q.cursor
		follower.Value, follower.ID = next[q.size].value, next[q.size].one.head().id
		chosen.message.NextPageToken = follower.token()
		next = next[:q.size]
	}
	chosen.items = make([]T, 0, len(next))
	for _, p := range next {
		chosen.items = append(chosen.items, p.one)
	}
	return chosen
}

// placed is a row and the value that it is sorted by.
type placed[T row] struct {
	one   T
	value value
}

// compare returns where a row is, as seen from a place in the list.
func (c cursor) compare(v value, id string) int {
	order := cmp.Or(v.compare(c.Value), strings.Compare(id, c.ID))
	if c.Descending {
		return -order
	}
	return order
}

// chooseInOrder returns the number of rows that meet the conditions and those of one page and one more.
// The candidates are in the order of their creation already: without conditions only the page is read.
func chooseInOrder[T row](l listing[T], candidates rows[T], q query, now time.Time) (int, []placed[T]) {
	start := 0
	if !q.first {
		at := &entry{id: q.cursor.ID, created: time.Unix(q.cursor.Value.Number, 0)}
		var found bool
		if start, found = candidates.find(at); q.cursor.Descending {
			start = len(candidates) - start
			if found {
				start--
			}
		}
	}
	if len(q.where) == 0 {
		return len(candidates), take(candidates.from(start, q.cursor.Descending), q.size+1)
	}
	total := 0
	var next []placed[T]
	for position, one := range candidates.from(0, q.cursor.Descending) {
		if !l.meets(one, q.where, now) {
			continue
		}
		total++
		if position >= start && len(next) <= q.size {
			next = append(next, placed[T]{one, moment(one.head().created)})
		}
	}
	return total, next
}

// from returns the rows behind a position, counted from the end when they are wanted in reverse.
func (r rows[T]) from(start int, reverse bool) iter.Seq2[int, T] { //nolint:revive // a slice is read here
	return func(yield func(int, T) bool) {
		for position := start; position < len(r); position++ {
			index := position
			if reverse {
				index = len(r) - 1 - position
			}
			if !yield(position, r[index]) {
				return
			}
		}
	}
}

func take[T row](from iter.Seq2[int, T], most int) []placed[T] {
	var taken []placed[T]
	for _, one := range from {
		if taken = append(taken, placed[T]{one, moment(one.head().created)}); len(taken) == most {
			break
		}
	}
	return taken
}

// chooseBest is chooseInOrder for any other order. It looks at all candidates and sorts a few pages at a
// time, never all.
func chooseBest[T row](l listing[T], candidates rows[T], q query, now time.Time) (int, []placed[T]) {
	total, most := 0, q.size+1
	sortBy := l.columns[q.cursor.SortBy].get
	best := make([]placed[T], 0, 3*most)
	byPlace := func(a, b placed[T]) int {
		return cursor{Descending: q.cursor.Descending, Value: b.value, ID: b.one.head().id}.compare(a.value, a.one.head().id)
	}
	cut := func() {
		slices.SortFunc(best, byPlace)
		best = best[:min(most, len(best))]
	}
	for _, one := range candidates {
		if !l.meets(one, q.where, now) {
			continue
		}
		total++
		p := placed[T]{one, sortBy(one, now)}
		if !q.first && q.cursor.compare(p.value, one.head().id) < 0 {
			continue
		}
		if best = append(best, p); len(best) == cap(best) {
			cut()
		}
	}
	cut()
	return total, best
}
