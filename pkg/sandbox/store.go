package sandbox

import (
	"math"
	"sync"
	"sync/atomic"
)

// store is what the server knows.
type store struct {
	mu          sync.RWMutex
	experiments table[*experiment]
	pipelines   table[*pipeline]
	versions    table[*version]
	runs        table[*run]
	recurring   table[*recurringRun]
	// due is when recurring runs have to be looked at again, in nanoseconds since 1970.
	due atomic.Int64
}

func newStore() *store {
	s := &store{
		experiments: newTable[*experiment](), pipelines: newTable[*pipeline](), versions: newTable[*version](),
		runs: newTable[*run](), recurring: newTable[*recurringRun](),
	}
	s.due.Store(math.MaxInt64)
	return s
}

// find looks a row up by its id.
func find[T row](s *store, t *table[T], kind, id string) (T, *refusal) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	one, found := t.get(id)
	if !found {
		return one, notFound("%s %s not found", kind, id)
	}
	return one, nil
}
