package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Canonical returns the document as JSON, an entry a line, every default written out: an object where the
// document has a name, thresholds or a seed of its own, else the array of its entries. Load reads it back
// to the same document from a folder that holds the pipelines in pipelines/. Equal documents give equal
// bytes.
func (d *Document) Canonical() ([]byte, error) {
	lines := make([]string, len(d.Entries))
	for i, entry := range d.Entries {
		line, err := marshal(entry)
		if err != nil {
			return nil, fmt.Errorf("writing entry %d of scenario %q: %w", i+1, d.Name, err)
		}
		lines[i] = line
	}
	entries := "[\n" + strings.Join(lines, ",\n") + "\n]"
	fields, err := d.ownFields()
	switch {
	case err != nil:
		return nil, fmt.Errorf("writing scenario %q: %w", d.Name, err)
	case fields == "":
		return []byte(entries + "\n"), nil
	}
	return []byte("{" + fields + "\"" + fieldScenarios + "\":" + entries + "}\n"), nil
}

// ownFields writes the fields that a document has beside its entries; each ends with a comma.
func (d *Document) ownFields() (string, error) {
	var fields strings.Builder
	for _, field := range []struct {
		name  string
		given bool
		value any
	}{
		{fieldName, d.named, d.Name},
		{fieldSeed, d.Seed != defaultSeed, d.Seed},
		{fieldThresholds, len(d.Thresholds) > 0, d.Thresholds},
	} {
		if !field.given {
			continue
		}
		value, err := marshal(field.value)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&fields, "%q:%s,\n", field.name, value)
	}
	return fields.String(), nil
}

// marshal writes a value as JSON in one line.
func marshal(value any) (string, error) {
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSpace(line.String()), err
}

// Hash returns the SHA-256, in hex, of the load: of the canonical form without names, labels and
// thresholds, which ask nothing of KFP, and of the pipelines. Of namespaces it has which entries share them, and
// not what they are called. So results can be compared although the scenario was renamed, is judged otherwise or
// was carried out elsewhere. It is empty for a document that has no canonical form, which
// Load never returns.
func (d *Document) Hash() string {
	canonical, err := d.asked().Canonical()
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

// asked returns what the document asks of KFP.
func (d *Document) asked() *Document {
	asked := &Document{Seed: d.Seed, Entries: slices.Clone(d.Entries)}
	namespaces := make([][]string, len(asked.Entries))
	for i := range asked.Entries {
		e := &asked.Entries[i]
		e.Name, e.Labels, e.Thresholds = "", nil, nil
		namespaces[i] = e.Namespaces
	}
	for i, numbers := range numbered(namespaces) {
		asked.Entries[i].Namespaces = numbers
	}
	return asked
}
