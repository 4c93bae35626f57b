package scenario

import (
	"encoding/json"
	"fmt"
	"time"
)

// Duration is a time span of the document. A number in a file means minutes, a string is a Go
// duration such as "90s"; the canonical form is always the string.
type Duration time.Duration

// MarshalJSON writes the canonical form, a Go duration in a string.
func (d Duration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}

// UnmarshalJSON reads the canonical form and nothing else: files, where numbers are minutes, go through
// Load.
func (d *Duration) UnmarshalJSON(text []byte) error {
	var canonical string
	if err := json.Unmarshal(text, &canonical); err != nil {
		return fmt.Errorf("decoding duration: %w", err)
	}
	parsed, err := time.ParseDuration(canonical)
	if err != nil {
		return fmt.Errorf("decoding duration: %w", err)
	}
	*d = Duration(parsed)
	return nil
}

// String returns the Go duration.
func (d Duration) String() string { return time.Duration(d).String() }
