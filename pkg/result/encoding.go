package result

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Encode returns the document as indented JSON that ends in a newline. Equal documents give equal bytes. A list
// of numbers is one line, so that a series does not bury all else.
func Encode(d *Document) ([]byte, error) { return encode(d) }

// EncodeList returns the list in the same form.
func EncodeList(l *List) ([]byte, error) { return encode(l) }

func encode(value any) ([]byte, error) {
	var compact, text bytes.Buffer
	encoder := json.NewEncoder(&compact)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encoding result: %w", err)
	}
	if err := json.Indent(&text, compact.Bytes(), "", "  "); err != nil {
		return nil, fmt.Errorf("encoding result: %w", err)
	}
	return onOneLine(text.Bytes()), nil
}

// onOneLine shortens the lists of numbers in place: a result of ten thousand runs is large enough once.
func onOneLine(text []byte) []byte {
	list, kept, from := numbers(), 0, 0
	for {
		at := list.FindIndex(text[from:])
		if at == nil {
			return text[:kept+copy(text[kept:], text[from:])]
		}
		kept += copy(text[kept:], text[from:from+at[0]])
		for _, b := range text[from+at[0] : from+at[1]] {
			if b != ' ' && b != '\n' {
				text[kept] = b
				kept++
			}
		}
		from += at[1]
	}
}

// numbers matches indented lists of numbers. No string of JSON holds a line break.
func numbers() *regexp.Regexp { return regexp.MustCompile(`\[\n(?:\s+[-+.0-9eE]+,?\n)+\s+\]`) }

// Decode reads what Encode wrote, in this release and in those of the APIVersion before. It refuses everything
// that does not call itself such a result; fields that it does not know, of a later release, are passed over.
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
	if identity.APIVersion != APIVersion && identity.APIVersion != before {
		return nil, fmt.Errorf("decoding result: apiVersion is %q, this release reads %q and %q: use the release that wrote it",
			identity.APIVersion, APIVersion, before)
	}
	var d Document
	if err := json.Unmarshal(whole, &d); err != nil {
		return nil, fmt.Errorf("decoding result: %w", err)
	}
	if d.APIVersion == before {
		d.raise()
	}
	return &d, nil
}

// raise makes a document of the version before one of this: it had the runs, and not yet what they add up to.
func (d *Document) raise() {
	d.APIVersion = APIVersion
	for i := range d.Entries {
		var figures Figures
		for _, r := range d.Entries[i].Runs {
			figures.Add(r)
		}
		d.Entries[i].Figures = figures.Distributions(time.Duration(d.PollInterval))
	}
	d.NotMeasured = append(d.NotMeasured, Gap{"resources", "the release that made this result did not"})
}
