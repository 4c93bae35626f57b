package result_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// ofLists is the published schema of lists as a tree.
func ofLists(t *testing.T) node {
	t.Helper()
	text, err := result.ListSchema()
	if err != nil {
		t.Fatal(err)
	}
	var tree node
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// listed is a list in which every field of its own has a value.
func listed(t *testing.T) *result.List {
	t.Helper()
	first, second := complete(t), complete(t)
	second.RunID, second.Tenancy.Namespace, second.Started = "nightly-9k2d4f-2", "team-2", start().Add(time.Second)
	return result.Beside("nightly-9k2d4f", []*result.Document{first, second}, []result.Missing{{Namespace: "team-3", Why: "no pod"}})
}

func TestAListHasTheFieldsOfItsSchema(t *testing.T) {
	c := comparison{t: t, tree: ofLists(t), seen: map[reflect.Type]bool{reflect.TypeFor[result.Document](): true}}
	c.object("the list", reflect.TypeFor[result.List](), c.tree)
	text, err := result.EncodeList(listed(t))
	if err != nil {
		t.Fatal(err)
	}
	tree := ofLists(t)
	each("", tree, func(_ string, n node) {
		if _, named := n["properties"].(node); named {
			n["additionalProperties"] = false
		}
	})
	if err := compiled(t, tree).Validate(parsed(t, text)); err != nil {
		t.Error(err)
	}
	for _, property := range []string{`"fairness"`, `"thresholds"`, `"missing"`, `"jainIndex": 1,`, `"slowestToFastest": 1`, `"startedApartSeconds": 1,`} {
		if !strings.Contains(string(text), property) {
			t.Errorf("the list has no %s", property)
		}
	}
	if err := compiled(t, ofLists(t)).Validate(parsed(t, []byte(strings.Replace(string(text), `"pollInterval": "`, `"pollInterval": "x`, 1)))); err == nil {
		t.Error("an item that is no result was accepted")
	}
}

func TestTheSchemaOfListsRefersToNothingElse(t *testing.T) {
	tree := ofLists(t)
	defs, _ := tree["$defs"].(node)
	used := map[string]bool{}
	each("", tree, func(where string, n node) {
		if reference, is := n["$ref"].(string); is {
			name := strings.TrimPrefix(reference, "#/$defs/")
			used[name] = true
			if defs[name] == nil {
				t.Errorf("%s refers to %s", where, reference)
			}
		}
		properties, _ := n["properties"].(node)
		for name, property := range properties {
			if text, _ := property.(node)["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s/%s is described as %q", where, name, text)
			}
		}
	})
	for name := range defs {
		if !used[name] {
			t.Errorf("nothing refers to %s", name)
		}
	}
}

func TestAListIsWrittenAsItsItemsAre(t *testing.T) {
	l := listed(t)
	text, err := result.EncodeList(l)
	if err != nil {
		t.Fatal(err)
	}
	var read result.List
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	same(t, "the first item", encode(t, read.Items[0]), encode(t, l.Items[0]))
	if read.Kind != result.ListKind || !slices.Equal(read.Namespaces, []string{"team", "team-2"}) || read.Verdict.Status != result.Invalid {
		t.Errorf("%+v", read)
	}
	if f := read.Fairness[0]; f.Entry != 1 || f.Namespaces[1].Namespace != "team-2" {
		t.Errorf("%+v", read.Fairness)
	}
}
