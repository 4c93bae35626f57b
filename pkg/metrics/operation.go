// Package metrics records how long calls took and how they ended, and merges such records exactly.
// It refuses to print, to interpret and to estimate what its samples cannot support.
package metrics

// Operation is what happened to one API operation, such as CreateRun.
type Operation struct {
	Name string `json:"name"`
	// Calls counts all calls, failed ones included.
	Calls int64 `json:"calls"`
	// Errors counts failed calls by class, such as "http 503" or "timeout".
	Errors map[string]int64 `json:"errors,omitempty"`
	// Latency is from the request's first byte to the response's last, of every call that was
	// answered by the server, whatever the answer.
	Latency Histogram `json:"latency"`
}
