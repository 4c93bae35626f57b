package scenario

import (
	"math"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// Bounds of an entry.
const (
	// maxTime is the longest that a time may be: 30 days.
	maxTime = 30 * 24 * time.Hour
	// maxTimes is the largest numTimes.
	maxTimes = 100_000
	// maxSeed is the largest seed.
	maxSeed = 1 << 63
	// maxConcurrency is how many active runs KFP allows a recurring run at the most.
	maxConcurrency = 10
	// maxLabels is how many labels an entry may have.
	maxLabels = 64
)

// somewhat is what a time that may not be 0 has to be.
const somewhat = `minutes more than 0, or a duration such as "90s"`

// runTime reads the time that new work may start in. Stages say it, too; both agree when the stages end in
// it.
func (r *reader) runTime(entry, node, load *yaml.Node, shape *Shape) Duration {
	staged := time.Duration(0)
	if shape != nil {
		staged = shape.length()
	}
	switch {
	case node != nil:
		d := r.positive(fieldRunTime, node)
		if d > 0 && staged > time.Duration(d) {
			r.fault(load, "the stages together last %v, longer than runTime, which is %v; make them equal, or remove runTime", staged, d)
		}
		return d
	case staged > maxTime:
		r.fault(load, "the stages together last %v; expected 30 days at the most", staged)
	case !has(load, fieldStages):
		r.fault(entry, "runTime is missing; expected %s", somewhat)
	}
	return Duration(staged)
}

// positive reads a time of more than 0.
func (r *reader) positive(field string, node *yaml.Node) Duration {
	d, ok := r.duration(field, node, somewhat)
	if ok && d <= 0 {
		r.fault(node, "%s is %s; expected %s", field, describe(node), somewhat)
		return 0
	}
	return Duration(d)
}

// delay reads a time that may be 0, and is when it is not given.
func (r *reader) delay(field string, node *yaml.Node) Duration {
	const expected = `minutes, 0 or more, or a duration such as "90s"`
	if node == nil {
		return 0
	}
	d, ok := r.duration(field, node, expected)
	if ok && d < 0 {
		r.fault(node, "%s is %s; expected %s", field, describe(node), expected)
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

// numTimes reads how often an entry does its work: once, or without a cap where a load says how much.
func (r *reader) numTimes(node, load *yaml.Node) int {
	if node != nil {
		return r.whole(fieldNumTimes, node, 1, maxTimes)
	}
	if load != nil {
		return 0
	}
	return 1
}
