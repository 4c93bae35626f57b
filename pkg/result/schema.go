package result

import (
	"bytes"
	_ "embed" // for the schema
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of a document of APIVersion as Encode writes it. It leaves
// objects open, as Decode does: a later release may add fields.
func Schema() []byte { return bytes.Clone(schema) }
