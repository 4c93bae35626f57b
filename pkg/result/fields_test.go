package result_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/metrics"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// TestTheSchemaHasTheFieldsOfTheTypes walks both at once: a field that only one of them has is a defect, and so
// is one of another type, and one that only one of them may leave out.
func TestTheSchemaHasTheFieldsOfTheTypes(t *testing.T) {
	c := comparison{t: t, tree: schema(t), seen: map[reflect.Type]bool{}}
	c.object("the document", reflect.TypeFor[result.Document](), c.tree)
	defs, _ := c.tree["$defs"].(node)
	text := string(result.Schema())
	for name := range defs {
		if !strings.Contains(text, `"#/$defs/`+name+`"`) {
			t.Errorf("nothing refers to %s", name)
		}
	}
}

type comparison struct {
	t    *testing.T
	tree node
	seen map[reflect.Type]bool
}

// own are the types with a JSON form of their own, and what that is: types, or a definition whose fields
// pkg/metrics holds against its forms.
func own() map[reflect.Type]string {
	return map[reflect.Type]string{
		reflect.TypeFor[time.Time](): "string", reflect.TypeFor[scenario.Duration](): "string", reflect.TypeFor[scenario.Rate](): "string",
		reflect.TypeFor[scenario.Threshold](): "string", reflect.TypeFor[scenario.WarmUp](): "string integer",
		reflect.TypeFor[metrics.Histogram](): "/$defs/histogram", reflect.TypeFor[metrics.Series](): "/$defs/series",
		reflect.TypeFor[metrics.Load](): "/$defs/load", reflect.TypeFor[metrics.Gauge](): "/$defs/gauge",
		reflect.TypeFor[metrics.Whole](): "/$defs/whole", reflect.TypeFor[metrics.Trend](): "/$defs/trend",
		reflect.TypeFor[metrics.Clock](): "/$defs/clock",
	}
}

// object compares a struct's fields.
func (c comparison) object(where string, of reflect.Type, s node) {
	if c.seen[of] {
		return
	}
	c.seen[of] = true
	properties, _ := s["properties"].(node)
	required, _ := s["required"].([]any)
	left := map[string]bool{}
	for name := range properties {
		left[name] = true
	}
	for _, field := range reflect.VisibleFields(of) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property, known := properties[name].(node)
		if name == "" || !known {
			c.t.Errorf("%s: the schema lacks %s, the JSON %q", where, field.Name, name)
			continue
		}
		delete(left, name)
		optional := options == "omitempty" || options == "omitzero"
		if optional == slices.Contains(required, any(name)) {
			c.t.Errorf("%s.%s: optional in Go is %t, and in the schema it is not so", where, name, optional)
		}
		c.value(where+"."+name, field.Type, property, field.Type.Kind() == reflect.Pointer && !optional)
	}
	for name := range left {
		c.t.Errorf("%s: no field is called %s", where, name)
	}
}

// value compares what a type is written as with what the schema wants.
func (c comparison) value(where string, of reflect.Type, s node, nullable bool) {
	for of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() == reflect.Interface {
		return
	}
	form := own()[of]
	if form == "" && (of.Implements(reflect.TypeFor[json.Marshaler]()) || reflect.PointerTo(of).Implements(reflect.TypeFor[json.Marshaler]())) {
		c.t.Errorf("%s: nobody says what form %s has", where, of)
		return
	}
	wanted := types(c.tree, s)
	target, way := followed(c.tree, s, "")
	written := strings.Fields(form)
	switch kind := of.Kind(); {
	case strings.HasPrefix(form, "/"):
		written = []string{"object"}
		if way != form {
			c.t.Errorf("%s: is %s in the schema, and not %s", where, way, form)
		}
	case form != "":
	case kind == reflect.Struct:
		written = []string{"object"}
		c.object(of.String(), of, target)
	case kind == reflect.Slice:
		written = []string{"array"}
		items, _ := target["items"].(node)
		c.value(where+"[]", of.Elem(), items, false)
	case kind == reflect.Map:
		written = []string{"object"}
		values, _ := target["additionalProperties"].(node)
		c.value(where+"{}", of.Elem(), values, false)
	case kind == reflect.String:
		written = []string{"string"}
	case kind == reflect.Bool:
		written = []string{"boolean"}
	case kind == reflect.Float64:
		written = []string{"number"}
	default:
		written = []string{"integer"} // or else a kind that no document has yet, which is told of below
	}
	if nullable {
		written = append(written, "null")
	}
	if !slices.Equal(written, wanted) {
		c.t.Errorf("%s: %s is written as %q, and the schema wants %q", where, of, written, wanted)
	}
}

// types are those that a schema allows, null at the end.
func types(tree, s node) []string {
	var all []string
	if choices, are := s["anyOf"].([]any); are {
		for _, choice := range choices {
			all = append(all, types(tree, choice.(node))...)
		}
		return all
	}
	s, _ = followed(tree, s, "")
	switch named := s["type"].(type) {
	case string:
		all = append(all, named)
	case []any:
		for _, name := range named {
			all = append(all, name.(string))
		}
	}
	if _, text := s["const"].(string); text {
		all = append(all, "string")
	}
	return all
}

func TestThePropertiesOfTheSchemaAreExplained(t *testing.T) {
	tree := schema(t)
	units := regexp.MustCompile(`[Nn]umbers?\b|seconds\b|bytes\b|thousandths of a processor|'s unit|in the unit|fraction`)
	each("", tree, func(where string, n node) {
		properties, _ := n["properties"].(node)
		for name, property := range properties {
			property := property.(node)
			text, _ := property["description"].(string)
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s/%s is described as %q", where, name, text)
			}
			kinds := types(tree, property)
			if items, is := property["items"].(node); is {
				kinds = types(tree, items)
			}
			figure := slices.Contains(kinds, "integer") || slices.Contains(kinds, "number")
			if figure && !units.MatchString(text) {
				t.Errorf("%s/%s is described without a unit: %q", where, name, text)
			}
		}
	})
}

func TestTheSchemaKnowsTheModes(t *testing.T) {
	defs, _ := schema(t)["$defs"].(node)
	mode, _ := defs["mode"].(node)
	var want []any
	for _, m := range scenario.Modes() {
		want = append(want, string(m))
	}
	if !reflect.DeepEqual(mode["enum"], any(want)) {
		t.Errorf("%v, and the modes are %v", mode["enum"], want)
	}
}
