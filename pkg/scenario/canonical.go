package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Canonical returns the document as JSON, an entry a line, every default written out. Load reads it back
// to the same document from a folder that holds the pipelines in pipelines/. Equal documents give equal
// bytes.
func (d *Document) Canonical() ([]byte, error) {
	lines := make([]string, len(d.Entries))
	for i, entry := range d.Entries {
		var line strings.Builder
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(entry); err != nil {
			return nil, fmt.Errorf("writing entry %d of scenario %q: %w", i+1, d.Name, err)
		}
		lines[i] = strings.TrimSpace(line.String())
	}
	return []byte("[\n" + strings.Join(lines, ",\n") + "\n]\n"), nil
}

// Hash returns the SHA-256, in hex, of the canonical form and the pipelines: documents of one hash ask for
// the same load, whatever they are called. It is empty for a document that has no canonical form, which
// Load never returns.
func (d *Document) Hash() string {
	canonical, err := d.Canonical()
	if err != nil {
		return ""
	}
	hash := sha256.New()
	part := func(content []byte) {
		_, _ = fmt.Fprintf(hash, "%d\n", len(content)) // a hash never fails
		_, _ = hash.Write(content)
	}
	part(canonical)
	for _, name := range slices.Sorted(maps.Keys(d.Pipelines)) {
		part([]byte(name))
		part(d.Pipelines[name])
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// Span returns the latest end of an entry's runTime, counted from the beginning of the run; what runs then
// is still awaited.
func (d *Document) Span() time.Duration {
	var span Duration
	for _, entry := range d.Entries {
		span = max(span, entry.StartTime+entry.RunTime)
	}
	return time.Duration(span)
}
