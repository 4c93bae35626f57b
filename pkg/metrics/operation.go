// Package metrics records how long calls took and how they ended, and merges such records exactly.
// It refuses to print, to interpret and to estimate what its samples cannot support.
package metrics

import (
	"maps"
	"slices"
	"strings"
)

// Operation is what happened to one API operation, such as CreateRun.
type Operation struct {
	Name string `json:"name"`
	// Calls counts all calls, failed ones included.
	Calls int64 `json:"calls"`
	// Errors counts failed calls by class, such as "http 503 UNAVAILABLE" or "timeout".
	Errors map[string]int64 `json:"errors,omitempty"`
	// Response is from when the call was due to the last byte of its answer: what a caller of a busy
	// server waits, also for its turn. Service begins when the request left, and Lag is what lies between
	// the two. All three are of every call that was answered by the server, whatever the answer.
	Response Histogram `json:"response"`
	Service  Histogram `json:"service"`
	Lag      Histogram `json:"lag"`
	// SentBytes and ReceivedBytes add up the bodies of requests and answers, and LargestBytes is the largest
	// body of an answer.
	SentBytes     int64 `json:"sentBytes"`
	ReceivedBytes int64 `json:"receivedBytes"`
	LargestBytes  int64 `json:"largestBytes"`
	// Series is what became of the calls over time, the warm-up included; it is of all entries together.
	Series *Series `json:"series,omitempty"`
}

// Merge returns the operations of both records, each with the calls of both, in the order of the
// names. It changes neither.
func Merge(a, b []Operation) []Operation {
	merged := make([]Operation, 0, len(a))
	for _, o := range slices.Concat(a, b) {
		i := slices.IndexFunc(merged, func(m Operation) bool { return m.Name == o.Name })
		if i < 0 {
			merged = append(merged, o.clone())
			continue
		}
		merged[i].add(o)
	}
	slices.SortFunc(merged, func(a, b Operation) int { return strings.Compare(a.Name, b.Name) })
	return merged
}

// add adds other's calls.
func (o *Operation) add(other Operation) {
	o.Calls += other.Calls
	for class, n := range other.Errors {
		if o.Errors == nil {
			o.Errors = map[string]int64{}
		}
		o.Errors[class] += n
	}
	o.Response.Merge(other.Response)
	o.Service.Merge(other.Service)
	o.Lag.Merge(other.Lag)
	o.SentBytes += other.SentBytes
	o.ReceivedBytes += other.ReceivedBytes
	o.LargestBytes = max(o.LargestBytes, other.LargestBytes)
	if other.Series != nil {
		if o.Series == nil {
			o.Series = &Series{}
		}
		o.Series.Merge(*other.Series)
	}
}

// clone returns an independent copy.
func (o Operation) clone() Operation {
	o.Errors = maps.Clone(o.Errors)
	o.Response = o.Response.Clone()
	o.Service = o.Service.Clone()
	o.Lag = o.Lag.Clone()
	if o.Series != nil {
		series := o.Series.Clone()
		o.Series = &series
	}
	return o
}

// Failed counts the calls that failed, of all classes.
func (o Operation) Failed() int64 {
	var n int64
	for _, count := range o.Errors {
		n += count
	}
	return n
}
