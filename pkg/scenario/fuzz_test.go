package scenario

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v3"
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

// FuzzRate checks that no text panics, and that what is accepted is a number that stays the same when it is
// written and read again.
func FuzzRate(f *testing.F) {
	for _, text := range []string{"", "5/s", "300/m", "0.5/h", "05/s", "5/d", "999999999999.9/h", "0.000000000000000001/h"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rate, ok := parseRate(text)
		if !ok {
			return
		}
		if n := float64(rate); n < 0 || math.IsNaN(n) || math.IsInf(n, 0) {
			t.Errorf("%q: %v", text, n)
		}
		if again, ok := parseRate(rate.String()); !ok || again != rate {
			t.Errorf("%q became %q and then %q", text, rate, again)
		}
	})
}

// FuzzDuration checks that no number and no text panics, that each is either a time within bounds or a fault,
// and that a time stays the same when it is written and read again.
func FuzzDuration(f *testing.F) {
	for _, text := range []string{"", "5", "-0", "1.5", "1e-9", "1e400", ".inf", "90s", "1h30m", "-5s", "720h", "720h1ns", "9223372036854775807ns"} {
		f.Add(true, text)
		f.Add(false, text)
	}
	f.Fuzz(func(t *testing.T, isNumber bool, text string) {
		node := &yaml.Node{Kind: yaml.ScalarNode, Tag: tagString, Value: text, Line: 1, Column: 1}
		if isNumber {
			node.Tag = tagFloat
		}
		r := &reader{file: "fuzz.yaml"}
		d := r.delay(fieldStartTime, node)
		if len(r.faults) > 0 {
			checkPlaces(t, r.faults, []byte(text))
			return
		}
		if d < 0 || time.Duration(d) > maxTime {
			t.Errorf("%q: %v", text, d)
		}
		written, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var again Duration
		if err := json.Unmarshal(written, &again); err != nil || again != d {
			t.Errorf("%q became %s and then %v, %v", text, written, again, err)
		}
	})
}
