package sandbox

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// predicate is one condition of a list.
type predicate struct {
	key, operation string
	values         []value
	// list says that the values came as a list.
	list bool
}

// filterMessage is v2beta1.Filter. The fields of a predicate may be written in two ways, as in any message
// of protocol buffers; KFP's Python SDK mixes them.
type filterMessage struct {
	Predicates []map[string]json.RawMessage `json:"predicates"`
}

// comparisons are the operations of v2beta1.Predicate's, by their numbers, which may stand for them.
func comparisons() []string {
	return []string{
		"OPERATION_UNSPECIFIED", "EQUALS", "NOT_EQUALS", "GREATER_THAN", "GREATER_THAN_EQUALS", "LESS_THAN",
		"LESS_THAN_EQUALS", "IN", "IS_SUBSTRING",
	}
}

// parseFilter reads the filter of a list. Its text was percent-decoded with the query and is decoded once
// more, as KFP does.
func parseFilter(filter string) ([]predicate, *refusal) {
	if filter == "" {
		return nil, nil
	}
	decoded, err := url.QueryUnescape(filter)
	var message filterMessage
	if err == nil {
		decoder := json.NewDecoder(strings.NewReader(decoded))
		decoder.DisallowUnknownFields()
		err = decoder.Decode(&message)
	}
	var found []predicate
	for _, fields := range message.Predicates {
		var p predicate
		if err == nil {
			p, err = parsePredicate(fields)
		}
		found = append(found, p)
	}
	if err != nil {
		return nil, invalid("failed to parse valid filter from %q: %v", filter, err)
	}
	for _, p := range found {
		if refused := p.check(); refused != nil {
			return nil, refused
		}
	}
	return found, nil
}

// check refuses what KFP has no query for.
func (p predicate) check() *refusal {
	known := slices.Contains(comparisons()[1:], p.operation)
	switch {
	case !known:
		return invalid("invalid predicate operation: %s", p.operation)
	case p.values == nil:
		return invalid("predicate of %q has no value", p.key)
	case p.key == "":
		return invalid("Predicate key cannot be empty for operation %s", p.operation)
	case p.operation == "IN" && !p.list:
		return invalid("cannot use IN operator with scalar type")
	case p.operation == "IS_SUBSTRING" && (p.list || p.values[0].Numeric):
		return invalid("cannot use non string value type with operator IS_SUBSTRING")
	case p.operation != "IN" && p.list:
		return invalid("cannot use scalar operator %s on array type", p.operation)
	}
	return nil
}

// matches reports whether a column's value meets the condition.
func (p predicate) matches(v value) bool {
	if p.operation == "IN" {
		return slices.ContainsFunc(p.values, func(wanted value) bool { return v.compare(wanted) == 0 })
	}
	wanted := p.values[0]
	order := v.compare(wanted)
	switch p.operation {
	case "EQUALS":
		return order == 0
	case "NOT_EQUALS":
		return order != 0
	case "GREATER_THAN":
		return order > 0
	case "GREATER_THAN_EQUALS":
		return order >= 0
	case "LESS_THAN":
		return order < 0
	case "LESS_THAN_EQUALS":
		return order <= 0
	}
	return strings.Contains(strings.ToLower(v.String()), strings.ToLower(wanted.Text)) // IS_SUBSTRING
}
