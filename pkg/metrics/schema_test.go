package metrics

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestTheSchemaOfResultsHasTheForms holds the JSON forms of this package against the definitions of them. The
// test beside the schema compares all other types, and cannot see these.
func TestTheSchemaOfResultsHasTheForms(t *testing.T) {
	text, err := os.ReadFile("../result/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{} `json:"properties"`
			Required   []string            `json:"required"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]any{
		"histogram": encoded{}, "series": seriesForm{}, "load": loadForm{}, "gauge": gaugeForm{}, "whole": wholeForm{},
		"trend": trendForm{}, "clock": clockForm{},
	} {
		var fields, required []string
		for _, field := range reflect.VisibleFields(reflect.TypeOf(form)) {
			field, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			fields = append(fields, field)
			if options == "" {
				required = append(required, field)
			}
		}
		slices.Sort(fields)
		if described := slices.Sorted(maps.Keys(schema.Defs[name].Properties)); !slices.Equal(described, fields) {
			t.Errorf("%s has %q, and the schema %q", name, fields, described)
		}
		if !slices.Equal(schema.Defs[name].Required, required) {
			t.Errorf("%s always has %q, and in the schema %q", name, required, schema.Defs[name].Required)
		}
	}
}
