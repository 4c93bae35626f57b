package scenario

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// reload writes a document as the worker finds it, and loads it.
func reload(t *testing.T, d *Document) *Document {
	t.Helper()
	canonical, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{d.FileName(): string(canonical)}
	for name, content := range d.Pipelines {
		files["pipelines/"+name] = string(content)
	}
	again, err := Load(writeFiles(t, files)+"/"+d.FileName(), Sources{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, canonical)
	}
	return again
}

func TestTheCanonicalFormLoadsToTheSameDocument(t *testing.T) {
	for _, file := range inTestdata(t, "valid") {
		d := load(t, file)
		again := reload(t, d)
		if !reflect.DeepEqual(d, again) || d.Hash() != again.Hash() || len(d.Hash()) != 64 {
			t.Errorf("%s: %+v became %+v", file, d, again)
		}
		first, _ := d.Canonical()
		second, _ := again.Canonical()
		if !bytes.Equal(first, second) || !json.Valid(first) {
			t.Errorf("%s: %s became %s", file, first, second)
		}
	}
}

func TestTheCanonicalFormWritesDefaultsOut(t *testing.T) {
	canonical, err := load(t, "testdata/valid-bounds.yaml").Canonical()
	want := `[
{"mode":"PIPELINE_RUN","startTime":"720h0m0s","runTime":"720h0m0s","numTimes":1,"pipelineFileName":"add_numbers.yaml"},
{"mode":"PIPELINE_RUN","startTime":"0s","runTime":"1ns","numTimes":1,"pipelineFileName":"add_numbers.yaml"},
{"mode":"PIPELINE_RUN","startTime":"0s","runTime":"60ms","numTimes":1,"pipelineFileName":"add_numbers.yaml"}
]
`
	if err != nil || string(canonical) != want {
		t.Errorf("%v\n%s", err, canonical)
	}
}

func TestTheHashIsOneOfTheLoad(t *testing.T) {
	build := func(change func(*Document)) string {
		d := &Document{
			Name:      "a",
			Entries:   []Entry{{Mode: PipelineRun, RunTime: Duration(time.Minute), NumTimes: 1, PipelineFileName: "a.yaml", Params: map[string]any{"a": 1, "b": 2}}},
			Pipelines: map[string][]byte{"a.yaml": []byte("a"), "b.yaml": []byte("b")},
		}
		change(d)
		return d.Hash()
	}
	same := build(func(*Document) {})
	if again := build(func(d *Document) { d.Name = "b" }); again != same {
		t.Error("the name changes the hash")
	}
	seen := map[string]bool{same: true}
	for i, change := range []func(*Document){
		func(d *Document) { d.Entries[0].NumTimes = 2 },
		func(d *Document) { d.Entries[0].Params["a"] = 2 },
		func(d *Document) { d.Entries = append(d.Entries, d.Entries[0]) },
		func(d *Document) { d.Pipelines["a.yaml"] = []byte("ab") },
		func(d *Document) { d.Pipelines = map[string][]byte{"a.yaml": []byte("a6\nb.yaml1\nb")} },
		func(d *Document) { delete(d.Pipelines, "b.yaml") },
	} {
		hash := build(change)
		if seen[hash] {
			t.Errorf("change %d gives a hash that another load has", i)
		}
		seen[hash] = true
	}
	if hash := build(func(d *Document) { d.Entries[0].Params["a"] = math.NaN() }); hash != "" {
		t.Errorf("a document without a canonical form has hash %s", hash)
	}
}

func TestADurationSurvivesItsEncoding(t *testing.T) {
	for _, d := range []Duration{0, 1, 90_000_000_001, Duration(maxTime), -5} {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var again Duration
		if err := json.Unmarshal(text, &again); err != nil || again != d {
			t.Errorf("%v became %s and %v, %v", d, text, again, err)
		}
	}
	for _, text := range []string{`5`, `"5"`, `"soon"`, `{}`} {
		var d Duration
		if err := json.Unmarshal([]byte(text), &d); err == nil || !strings.HasPrefix(err.Error(), "decoding duration: ") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The JSON reader and the YAML parser put the same nodes in the same places.
func TestJSONIsReadAsTheYAMLParserReadsIt(t *testing.T) {
	text := "[\n\t{\"a\": [1, -2.5e3, \"ü\", true, null], \"b\": {}},\n\t[], \"x\"\n]"
	r := &reader{file: "a.json"}
	got := r.parse([]byte(text))
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	if got == nil || outline(got) != outline(document.Content[0]) {
		t.Errorf("got\n%s\nwant\n%s\n%v", outline(got), outline(document.Content[0]), r.faults)
	}
}

// outline writes what of a tree matters to the reader.
func outline(node *yaml.Node) string {
	tag := node.Tag
	if node.Kind != yaml.ScalarNode {
		tag = ""
	}
	text, _ := json.Marshal([]any{node.Kind, tag, node.Value, node.Line, node.Column})
	for _, child := range node.Content {
		text = append(text, outline(child)...)
	}
	return string(text)
}
