package result

import (
	"bytes"
	_ "embed" // for the schemas
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

//go:embed schema.json
var schema []byte

//go:embed listschema.json
var listSchema []byte

// Schema returns the JSON Schema (draft 2020-12) of a document of APIVersion as Encode writes it. It leaves
// objects open, as Decode does: a later release may add fields.
func Schema() []byte { return bytes.Clone(schema) }

// ListSchema returns that of a List as EncodeList writes it, with the schema of its items among its definitions.
func ListSchema() ([]byte, error) {
	var list, item map[string]any
	if err := errors.Join(json.Unmarshal(listSchema, &list), json.Unmarshal(schema, &item)); err != nil {
		return nil, fmt.Errorf("reading the schema of results: %w", err)
	}
	defs := map[string]any{"result": item}
	for _, s := range []map[string]any{item, list} {
		own, _ := s["$defs"].(map[string]any)
		maps.Copy(defs, own)
	}
	delete(item, "$defs") // references in it are to those of the whole
	delete(item, "$schema")
	list["$defs"] = defs
	return encode(list)
}
