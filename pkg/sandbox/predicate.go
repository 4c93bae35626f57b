package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parsePredicate reads a condition. Its fields may be written as string_value or as stringValue.
func parsePredicate(fields map[string]json.RawMessage) (predicate, error) {
	var p predicate
	for name, content := range fields {
		var err error
		switch strings.ReplaceAll(strings.ToLower(name), "_", "") {
		case "key":
			err = json.Unmarshal(content, &p.key)
		case "operation":
			p.operation, err = parseOperation(content)
		case "stringvalue":
			err = p.take(false, toText, content)
		case "intvalue", "longvalue":
			err = p.take(false, toNumber, content)
		case "timestampvalue":
			err = p.take(false, toMoment, content)
		case "stringvalues":
			err = p.takeList(toText, content)
		case "intvalues", "longvalues":
			err = p.takeList(toNumber, content)
		default:
			err = fmt.Errorf("unknown field %q in Predicate", name)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p *predicate) takeList(read func(json.RawMessage) (value, error), content json.RawMessage) error {
	var list struct {
		Values []json.RawMessage `json:"values"`
	}
	if err := json.Unmarshal(content, &list); err != nil {
		return err
	}
	return p.take(true, read, list.Values...)
}

func (p *predicate) take(list bool, read func(json.RawMessage) (value, error), contents ...json.RawMessage) error {
	p.list, p.values = list, []value{}
	for _, content := range contents {
		one, err := read(content)
		if err != nil {
			return err
		}
		p.values = append(p.values, one)
	}
	return nil
}

// parseOperation takes the name of an operation or its number.
func parseOperation(content json.RawMessage) (string, error) {
	if number, err := strconv.Atoi(string(content)); err == nil && number >= 0 && number < len(comparisons()) {
		return comparisons()[number], nil
	}
	var name string
	if err := json.Unmarshal(content, &name); err != nil {
		return "", err
	}
	if !slices.Contains(comparisons(), name) {
		return "", fmt.Errorf("unknown value %q for enum Predicate.Operation", name)
	}
	return name, nil
}

func toText(content json.RawMessage) (value, error) {
	var one string
	err := json.Unmarshal(content, &one)
	return text(one), err
}

// toNumber takes a number, or one in quotes: JSON's numbers do not reach to 64 bits.
func toNumber(content json.RawMessage) (value, error) {
	number, err := strconv.ParseInt(strings.Trim(string(content), `"`), 10, 64)
	return value{Number: number, Numeric: true}, err
}

func toMoment(content json.RawMessage) (value, error) {
	var at time.Time
	err := json.Unmarshal(content, &at)
	return moment(at), err
}
