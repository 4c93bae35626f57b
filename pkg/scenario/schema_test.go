package scenario

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// beyondSchema are the invalid files that the schema accepts, and why it cannot do otherwise.
func beyondSchema() map[string]string {
	const (
		text  = "the text is no JSON, or no plain YAML, so that nothing is held against the schema"
		twice = "a name that is given twice is one name in a tree"
		other = "it depends on another field"
		files = "it depends on other files"
		spelt = "it lies in how a number is written"
		times = "a pattern cannot add up a duration"
		clock = "a pattern cannot know the calendar"
		depth = "a schema cannot count levels"
	)
	return map[string]string{
		"invalid-anchor.yaml": text, "invalid-behind.json": text, "invalid-colon.yaml": text, "invalid-comma.json": text,
		"invalid-comments.yaml": text, "invalid-control.yaml": text, "invalid-documents.yaml": text, "invalid-empty.json": text,
		"invalid-escape.yaml": text, "invalid-first-line.yaml": text, "invalid-indentation.yaml": text, "invalid-latin1.json": text,
		"invalid-laughs.yaml": text, "invalid-open.json": text, "invalid-quote.yaml": text, "invalid-tab.yaml": text,
		"invalid-yaml-inside.json": text, "invalid-yaml.yaml": text,
		"invalid-params.json": twice, "invalid-params.yaml": spelt,
		"invalid-deep.json":       depth,
		"invalid-drain-long.yaml": times, "invalid-stage-for-long.yaml": times, "invalid-stages-long.yaml": times, "invalid-stages-outlast.yaml": times,
		"invalid-warm-up-whole-time.yaml": times, "invalid-warm-up-all.yaml": other,
		"invalid-pipeline-files.json": files, "invalid-pad-to-small.yaml": files, "invalid-pad-to-archive.yaml": other,
		"invalid-cron-never.yaml": clock, "invalid-cron-range.yaml": clock,
		"invalid-cron-every.yaml":           times,
		"invalid-namespaces-few-times.yaml": other, "invalid-namespaces-warm-up.yaml": other, "invalid-namespaces-in-flight.yaml": other,
		"invalid-namespaces-rate.yaml": other, "invalid-namespaces-max-in-flight.yaml": other, "invalid-namespaces-together.yaml": other,
	}
}

// compiled is the schema, held against its own meta-schema.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	if err := compiler.AddResource("scenario.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// tree is the text of a file as a schema sees it; false for one that no tree can be made of.
func tree(file string, text []byte) (any, bool) {
	r := &reader{file: file}
	root := r.parse(text)
	if root == nil || len(r.faults) > 0 {
		return nil, false
	}
	return r.value(root), true
}

func TestTheSchemaSaysOfTheFixturesWhatTheParserSays(t *testing.T) {
	schema, beyond := compiled(t), beyondSchema()
	for _, file := range append(inTestdata(t, "invalid"), inTestdata(t, "valid")...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		document, ok := tree(file, text)
		refused := error(nil)
		if ok {
			refused = schema.Validate(document)
		}
		reason := beyond[name]
		switch invalid := strings.HasPrefix(name, "invalid-"); {
		case !invalid && refused != nil:
			t.Errorf("%s is valid: %v", file, refused)
		case invalid && refused == nil && reason == "":
			t.Errorf("%s is invalid, but the schema accepts it", file)
		case refused != nil && reason != "":
			t.Errorf("%s: the schema can refuse it: %v", file, refused)
		}
		delete(beyond, name)
	}
	for name := range beyond {
		t.Errorf("%s is no file", name)
	}
}
