package scenario

import (
	"encoding/json"
	"time"
)

// Duration is a time span of the document. A number in a file means minutes, a string is a Go
// duration such as "90s"; the canonical form is always the string.
type Duration time.Duration

// MarshalJSON writes the canonical form, a Go duration in a string.
func (d Duration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}

// String returns the Go duration.
func (d Duration) String() string { return time.Duration(d).String() }
