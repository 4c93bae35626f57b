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

// Call is one call of an API operation.
type Call struct {
	Operation string
	// Class is empty for a success, else the class of the error.
	Class string
	// Planned is when the call was due, Sent when it left, Done when its answer was complete.
	Planned, Sent, Done time.Time
	// Answered says that the server answered, whatever the answer. A call that got none has no latency.
	Answered bool
	// SentBytes and ReceivedBytes are the sizes of the bodies.
	SentBytes, ReceivedBytes int64
}

// Record adds one call.
func (r *Recorder) Record(c Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.operations[c.Operation]
	if o == nil {
		if r.operations == nil {
			r.operations = map[string]*Operation{}
		}
		o = &Operation{Name: c.Operation}
		r.operations[c.Operation] = o
	}
	o.Calls++
	if c.Class != "" {
		if o.Errors == nil {
			o.Errors = map[string]int64{}
		}
		o.Errors[c.Class]++
	}
	o.SentBytes += c.SentBytes
	o.ReceivedBytes += c.ReceivedBytes
	o.LargestBytes = max(o.LargestBytes, c.ReceivedBytes)
	if c.Answered {
		o.Response.Record(c.Done.Sub(c.Planned))
		o.Service.Record(c.Done.Sub(c.Sent))
		// A call that left at once is on time, and not outside the histogram's range.
		o.Lag.Record(max(c.Sent.Sub(c.Planned), time.Microsecond))
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
