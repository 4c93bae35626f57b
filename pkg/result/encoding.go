package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Encode returns the document as indented JSON that ends in a newline. Equal documents give equal bytes.
func Encode(d *Document) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return nil, fmt.Errorf("encoding result: %w", err)
	}
	return text.Bytes(), nil
}

// Decode reads what Encode wrote. It refuses everything that does not call itself a result of this
// APIVersion; fields that it does not know, of a later release, are passed over.
func Decode(text []byte) (*Document, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var whole json.RawMessage
	if err := decoder.Decode(&whole); err != nil {
		return nil, fmt.Errorf("decoding result: not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("decoding result: more text after the document, at byte %d", decoder.InputOffset())
	}
	var identity struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
	}
	if err := json.Unmarshal(whole, &identity); err != nil {
		return nil, fmt.Errorf("decoding result: %w", err)
	}
	if identity.Kind != Kind {
		return nil, fmt.Errorf("decoding result: kind is %q, want %q: this is no result of kubectl-kfpperf",
			identity.Kind, Kind)
	}
	if identity.APIVersion != APIVersion {
		return nil, fmt.Errorf("decoding result: apiVersion is %q, this release reads %q: use the release that wrote it",
			identity.APIVersion, APIVersion)
	}
	var d Document
	if err := json.Unmarshal(whole, &d); err != nil {
		return nil, fmt.Errorf("decoding result: %w", err)
	}
	return &d, nil
}
