package sandbox

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// filterMessage is v2beta1.Filter, with the kinds of values that are understood here.
type filterMessage struct {
	Predicates []predicate `json:"predicates"`
}

type predicate struct {
	Key          string  `json:"key"`
	Operation    string  `json:"operation"`
	StringValue  *string `json:"string_value"`
	StringValues *struct {
		Values []string `json:"values"`
	} `json:"string_values"`
}

// parseFilter reads the filter of a list. Its text was percent-decoded with the query and is decoded once
// more, as KFP does.
func parseFilter(text string) (filterMessage, *refusal) {
	var filter filterMessage
	if text == "" {
		return filter, nil
	}
	decoded, err := url.QueryUnescape(text)
	if err != nil {
		return filter, invalid("failed to parse valid filter from %q: %v", text, err)
	}
	decoder := json.NewDecoder(strings.NewReader(decoded))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&filter); err != nil {
		return filter, invalid("failed to parse valid filter from %q: %v", text, err)
	}
	for _, p := range filter.Predicates {
		if refused := p.check(); refused != nil {
			return filter, refused
		}
	}
	return filter, nil
}

func (p predicate) check() *refusal {
	switch {
	case p.Key == "":
		return invalid("Predicate key cannot be empty for operation %s", p.Operation)
	case p.StringValue == nil && p.StringValues == nil:
		return invalid("predicate of %q has no value that this server knows", p.Key)
	case p.Operation == "IN" && p.StringValues == nil:
		return invalid("cannot use IN operator with scalar type string")
	case p.Operation == "EQUALS" && p.StringValue == nil:
		return invalid("cannot use scalar operator EQUALS on array type []string")
	case p.Operation != "IN" && p.Operation != "EQUALS":
		return invalid("invalid predicate operation: %s", p.Operation)
	}
	return nil
}

// checkKeys refuses keys that the listed things do not have.
func (f filterMessage) checkKeys(field func(key string) (string, bool)) *refusal {
	for _, p := range f.Predicates {
		if _, known := field(p.Key); !known {
			return invalid("no support for filtering on unrecognized field %q", p.Key)
		}
	}
	return nil
}

// matches reports whether an item meets all predicates.
func (f filterMessage) matches(field func(key string) (string, bool)) bool {
	return !slices.ContainsFunc(f.Predicates, func(p predicate) bool {
		value, _ := field(p.Key)
		equal := func(wanted string) bool { return same(wanted, value) }
		if p.Operation == "IN" {
			return !slices.ContainsFunc(p.StringValues.Values, equal)
		}
		return !equal(*p.StringValue)
	})
}
