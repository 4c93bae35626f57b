package scenario

import (
	"bytes"
	_ "embed" // for the schema
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of the document. It accepts what Load accepts, as far as a
// schema can say; its description lists what it cannot.
func Schema() []byte { return bytes.Clone(schema) }
