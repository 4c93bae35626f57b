package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"
)

// FuzzLoad checks that no text makes Load panic, that all faults have a place in the text, and that what
// loads has a canonical form that loads to the same document.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*valid-*.[jy]*[nl]")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(filepath.Ext(file) == ".json", text)
	}
	f.Fuzz(func(t *testing.T, isJSON bool, text []byte) {
		file := "fuzz.yaml"
		if isJSON {
			file = "fuzz.json"
		}
		d, err := decode(file, text, shipped().library(t))
		if err != nil {
			checkPlaces(t, err, text)
			return
		}
		canonical, err := d.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		sent := fstest.MapFS{}
		for name, content := range d.Pipelines {
			sent["pipelines/"+name] = &fstest.MapFile{Data: content}
		}
		again, err := decode("fuzz.json", canonical, Sources{Shipped: sent}.library(t))
		if err != nil {
			t.Fatalf("%v in\n%s", err, canonical)
		}
		if !reflect.DeepEqual(d, again) || d.Hash() != again.Hash() {
			t.Errorf("%+v became %+v", d, again)
		}
	})
}

// FuzzPackage checks that no pipeline makes the check panic.
func FuzzPackage(f *testing.F) {
	for _, content := range []string{workflow, representation, "PK\x03\x04", "\x1f\x8b"} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(_ *testing.T, content []byte) {
		_ = checkPackage("a.yaml", content)
		_ = checkPackage("a.zip", content)
	})
}

func checkPlaces(t *testing.T, err error, text []byte) {
	t.Helper()
	var faults Errors
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%T: %v", err, err)
	}
	for _, fault := range faults {
		if fault.Line < 1 || fault.Column < 1 || fault.Line > len(text)+1 || fault.Column > len(text)+1 || fault.Message == "" {
			t.Errorf("%v", fault)
		}
	}
}
