package scenario

import (
	"path/filepath"
	"strings"
	"unicode"
)

// Bounds of a scenario. They are far beyond any that people write and keep what a file costs to read in
// proportion.
const (
	maxText    = 1 << 20
	maxDepth   = 100
	maxEntries = 1000
)

// maxName is how many bytes a document's name has at the most, so that no file name made from it is too
// long.
const maxName = 100

// Load reads a scenario and the pipelines that it names. The text is JSON or YAML; a plain name of no
// file means the shipped scenario of that name. Pipelines are looked for beside the scenario, in
// pipelines/ beside it, in s.PipelinesDir and among the shipped ones; for a shipped scenario among the
// shipped ones first.
//
// The faults of a text that could be read are returned together, as Errors.
func Load(file string, s Sources) (*Document, error) {
	text, shipped, err := s.read(file)
	if err != nil {
		return nil, err
	}
	pipelines, err := s.openLibrary(file, shipped)
	if err != nil {
		return nil, err
	}
	defer pipelines.close()
	return decode(file, text, pipelines)
}

// decode turns a scenario's text into a document.
func decode(file string, text []byte, pipelines *library) (*Document, error) {
	r := &reader{file: file, pipelines: pipelines}
	d := &Document{Name: nameOf(file), Seed: defaultSeed}
	if root := r.parse(text); root != nil {
		r.document(d, root)
	}
	if len(r.faults) == 0 {
		d.Pipelines = pipelines.taken()
		r.checkCanonical(d)
	}
	if len(r.faults) > 0 {
		r.faults.sort()
		return nil, r.faults
	}
	return d, nil
}

// checkCanonical makes sure that the document can be read where its canonical form is sent to.
func (r *reader) checkCanonical(d *Document) {
	canonical, err := d.Canonical()
	switch {
	case err != nil:
		r.tell(1, 1, "the scenario cannot be written as JSON: %v", err)
	case len(canonical) > maxText:
		r.tell(1, 1, "the scenario has more than %d KiB when written as JSON; split it", maxText>>10)
	}
}

// FileName returns what a file is called that holds the canonical form; it is fit for any file system.
func (d *Document) FileName() string { return fileSafe(d.Name) + ".json" }

// nameOf returns the base name of a file without its extension, made fit to be a file name anywhere.
func nameOf(file string) string {
	base := filepath.Base(file)
	return fileSafe(strings.TrimSuffix(base, filepath.Ext(base)))
}

// fileSafe makes a name fit to be a file name anywhere.
func fileSafe(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, ".")
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	if name == "" {
		return "scenario"
	}
	return name
}
