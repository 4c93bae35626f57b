package scenario

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// Bounds of an entry.
const (
	// maxTime is the longest that startTime and runTime may be: 30 days.
	maxTime = 30 * 24 * time.Hour
	// maxTimes is the largest numTimes.
	maxTimes = 100_000
)

// runTime reads the time that new runs may start in.
func (r *reader) runTime(entry, node *yaml.Node) Duration {
	const expected = `minutes more than 0, or a duration such as "90s"`
	if node == nil {
		r.fault(entry, "runTime is missing; expected %s", expected)
		return 0
	}
	d, ok := r.duration(fieldRunTime, node, expected)
	if ok && d <= 0 {
		r.fault(node, "runTime is %s; expected %s", describe(node), expected)
	}
	return Duration(d)
}

// startTime reads the delay of an entry.
func (r *reader) startTime(node *yaml.Node) Duration {
	const expected = `minutes, 0 or more, or a duration such as "90s"`
	if node == nil {
		return 0
	}
	d, ok := r.duration(fieldStartTime, node, expected)
	if ok && d < 0 {
		r.fault(node, "startTime is %s; expected %s", describe(node), expected)
	}
	return Duration(d)
}

// duration reads minutes, or a Go duration in a string. It returns false after telling of a fault.
func (r *reader) duration(field string, node *yaml.Node, expected string) (time.Duration, bool) {
	var d time.Duration
	var err error
	switch {
	case node.Kind == 0:
		return 0, false
	case isNumber(node):
		d, err = minutes(node.Value)
	case node.Kind == yaml.ScalarNode && node.Tag == tagString:
		d, err = time.ParseDuration(node.Value)
	default:
		err = strconv.ErrSyntax
	}
	switch {
	case err != nil:
		r.fault(node, "%s is %s; expected %s", field, describe(node), expected)
	case d > maxTime:
		r.fault(node, "%s is %s; expected 30 days (%d minutes) at the most", field, describe(node), maxTime/time.Minute)
	}
	return d, err == nil && d <= maxTime
}

// minutes reads a number of minutes, to the nanosecond. What is out of a duration's range becomes the
// nearer end of it.
func minutes(number string) (time.Duration, error) {
	n, err := strconv.ParseFloat(number, 64)
	nanoseconds := math.Round(n * float64(time.Minute))
	switch {
	case math.IsNaN(n):
		return 0, strconv.ErrSyntax
	case nanoseconds >= math.MaxInt64: // an overflow of ParseFloat, too, is infinite
		return math.MaxInt64, nil
	case nanoseconds <= math.MinInt64:
		return math.MinInt64, nil
	}
	return time.Duration(nanoseconds), err
}

// numTimes reads the number of runs.
func (r *reader) numTimes(node *yaml.Node) int {
	if node == nil || node.Kind == 0 {
		return 1
	}
	n, err := strconv.Atoi(node.Value)
	if err != nil || !isNumber(node) || n < 1 || n > maxTimes {
		r.fault(node, "numTimes is %s; expected a whole number from 1 to %d", describe(node), maxTimes)
	}
	return n
}

// params reads the parameters of the runs.
func (r *reader) params(node *yaml.Node) map[string]any {
	if node == nil || node.Kind == 0 {
		return nil
	}
	if node.Kind != yaml.MappingNode {
		r.fault(node, "params is %s; expected a mapping of names to values such as {\"a\": 1}", describe(node))
		return nil
	}
	if len(node.Content) == 0 {
		return nil
	}
	return r.object(node)
}

func (r *reader) object(mapping *yaml.Node) map[string]any {
	object := map[string]any{}
	for name, value := range r.fields(mapping) {
		object[name.Value] = r.value(value)
	}
	return object
}

// value reads a value of params: what JSON has, with numbers as they are written, so that none loses
// precision.
func (r *reader) value(node *yaml.Node) any {
	switch {
	case node.Kind == yaml.MappingNode:
		return r.object(node)
	case node.Kind == yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, element := range node.Content {
			list[i] = r.value(element)
		}
		return list
	case isNumber(node):
		if _, err := strconv.ParseFloat(node.Value, 64); err != nil {
			r.fault(node, "%s is out of the range of numbers; put quotes around it to make it text", describe(node))
		}
		return json.Number(node.Value)
	case node.Tag == tagInt || node.Tag == tagFloat:
		r.fault(node, "%s is a number that JSON cannot express; write it as a decimal, or put quotes around it to make it text", describe(node))
		return nil
	case node.Tag == tagBool:
		return node.Value[0] == 't' || node.Value[0] == 'T'
	case node.Tag == tagNull:
		return nil
	}
	return node.Value // text, and dates, which are text in JSON
}

// isNumber tells whether a node is a number as JSON writes it: neither .nan nor .inf, and none of the
// forms that people read differently than YAML does, such as 010 and 1_0.
func isNumber(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && (node.Tag == tagInt || node.Tag == tagFloat) && json.Valid([]byte(node.Value))
}
