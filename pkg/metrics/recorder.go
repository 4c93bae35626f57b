package metrics

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Recorder gathers calls by operation. The zero value is ready, and safe for concurrent use.
type Recorder struct {
	mu         sync.Mutex
	operations map[string]*Operation
}

// Record adds one call of operation op. class is empty for a success, else the class of its error; the
// latency counts only when the server answered, because a call that got no answer has none.
func (r *Recorder) Record(op, class string, latency time.Duration, answered bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.operations[op]
	if o == nil {
		if r.operations == nil {
			r.operations = map[string]*Operation{}
		}
		o = &Operation{Name: op}
		r.operations[op] = o
	}
	o.Calls++
	if class != "" {
		if o.Errors == nil {
			o.Errors = map[string]int64{}
		}
		o.Errors[class]++
	}
	if answered {
		o.Latency.Record(latency)
	}
}

// Operations returns a copy of what was recorded so far, in the order of the names.
func (r *Recorder) Operations() []Operation {
	r.mu.Lock()
	defer r.mu.Unlock()
	copies := make([]Operation, 0, len(r.operations))
	for _, name := range slices.Sorted(maps.Keys(r.operations)) {
		copies = append(copies, r.operations[name].clone())
	}
	return copies
}
