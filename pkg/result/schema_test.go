package result_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// node is an object of the schema.
type node = map[string]any

// schema is the published schema as a tree.
func schema(t *testing.T) node {
	t.Helper()
	var tree node
	if err := json.Unmarshal(result.Schema(), &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// each calls visit for every object below a value, with the way to it.
func each(where string, value any, visit func(where string, n node)) {
	switch value := value.(type) {
	case node:
		visit(where, value)
		for key, below := range value {
			each(where+"/"+key, below, visit)
		}
	case []any:
		for _, below := range value {
			each(where, below, visit)
		}
	}
}

// compiled is a schema, held against its own meta-schema.
func compiled(t *testing.T, tree node) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource("result.json", tree); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("result.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// closed is the schema without room for fields that it does not name.
func closed(t *testing.T) *jsonschema.Schema {
	t.Helper()
	tree := schema(t)
	each("", tree, func(_ string, n node) {
		if _, named := n["properties"].(node); named {
			n["additionalProperties"] = false
		}
	})
	return compiled(t, tree)
}

func parsed(t *testing.T, text []byte) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestDocumentsHaveNothingThatTheSchemaLacks(t *testing.T) {
	before, err := os.ReadFile("testdata/v1alpha1.json")
	if err != nil {
		t.Fatal(err)
	}
	raised, err := result.Decode(before)
	if err != nil {
		t.Fatal(err)
	}
	schema := closed(t)
	for name, d := range map[string]*result.Document{
		"one of the version before": raised, "a complete one": complete(t), "one of a run": ran(t),
	} {
		if err := schema.Validate(parsed(t, encode(t, d))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	text, schema := string(encode(t, complete(t))), compiled(t, schema(t))
	if err := schema.Validate(parsed(t, []byte(strings.Replace(text, "{", `{"news": 1,`, 1)))); err != nil {
		t.Errorf("a field of a later release: %v", err)
	}
	for from, to := range map[string]string{
		`"runID": `: `"runId": `, `kfpperf.io/v1alpha2`: `kfpperf.io/v1alpha1`, `"looks": 118`: `"looks": "118"`,
		`"pollInterval": "1.024s"`: `"pollInterval": 1.024`, `"detectionSeconds": 1,`: `"detectionSeconds": 1.5,`,
		`"started": "2026-`: `"started": "26-`, `"status": "invalid"`: `"status": "good"`, `"calls": 4,`: `"calls": -4,`,
		`"resolution": "1s"`: `"resolution": "1 s"`, `"stages": null`: `"stages": 0`, `"windowMax": [`: `"windowMax": ["40",`,
	} {
		broken := strings.Replace(text, from, to, 1)
		if broken == text {
			t.Fatalf("the document has no %s", from)
		}
		if schema.Validate(parsed(t, []byte(broken))) == nil {
			t.Errorf("accepted %s", to)
		}
	}
}

// TestEveryPropertyOfTheSchemaIsWritten finds what stands in the schema and in no document.
func TestEveryPropertyOfTheSchemaIsWritten(t *testing.T) {
	tree := schema(t)
	unwritten := map[string]bool{}
	each("", tree, func(where string, n node) {
		properties, _ := n["properties"].(node)
		for name := range properties {
			unwritten[where+"/"+name] = true
		}
	})
	var mark func(s node, where string, value any)
	mark = func(s node, where string, value any) {
		s, where = followed(tree, s, where)
		switch value := value.(type) {
		case []any:
			items, _ := s["items"].(node)
			for _, item := range value {
				mark(items, where+"/items", item)
			}
		case node:
			properties, _ := s["properties"].(node)
			for name, below := range value {
				delete(unwritten, where+"/"+name)
				if property, known := properties[name].(node); known {
					mark(property, where+"/properties/"+name, below)
				}
			}
		}
	}
	var document any
	if err := json.Unmarshal(encode(t, complete(t)), &document); err != nil {
		t.Fatal(err)
	}
	mark(tree, "", document)
	for property := range unwritten {
		t.Errorf("no document has %s", property)
	}
}

// followed is what a reference leads to, and the way to it. Of a value that may be null it is that of the other.
func followed(tree, s node, where string) (node, string) {
	if choices, are := s["anyOf"].([]any); are {
		s, _ = choices[0].(node)
	}
	if ref, is := s["$ref"].(string); is {
		name := strings.TrimPrefix(ref, "#/$defs/")
		defs, _ := tree["$defs"].(node)
		s, _ = defs[name].(node)
		return s, "/$defs/" + name
	}
	return s, where
}
