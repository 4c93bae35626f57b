package kfp

import (
	"encoding/json"
	"strings"
)

// A list's filter is a JSON document in the query (KFP's api/v2beta1/filter.proto). These are the
// operations and keys that mean the same to KFP 2.0.5 and 2.17.
const (
	operationEquals = "EQUALS"
	operationIn     = "IN"
	// operationSubstring matches texts that have another in them.
	operationSubstring = "IS_SUBSTRING"
	keyRunID           = "run_id"
	keyDisplayName     = "display_name"
	keyDescription     = "description"
)

type predicate struct {
	Key          string        `json:"key"`
	Operation    string        `json:"operation"`
	StringValue  string        `json:"string_value,omitempty"`
	StringValues *stringValues `json:"string_values,omitempty"`
}

type stringValues struct {
	Values []string `json:"values"`
}

// conditions returns the text of a filter with one condition.
func conditions(p predicate) (string, error) {
	text, err := json.Marshal(struct {
		Predicates []predicate `json:"predicates"`
	}{[]predicate{p}})
	return string(text), err
}

// filter returns such a text as it can be sent.
func filter(p predicate) (*string, error) {
	text, err := conditions(p)
	if err != nil {
		return nil, err
	}
	safe := decodedTwice(text)
	return &safe, nil
}

// decodedTwice returns a filter such that the server reads it as it is. It decodes the percent encoding of a
// filter twice: what looks like one after the first time must not be there. These two occur only inside JSON
// strings, and in exponents, where they would be lost as well.
func decodedTwice(filter string) string {
	return strings.NewReplacer("%", `\u0025`, "+", `\u002b`).Replace(filter)
}
