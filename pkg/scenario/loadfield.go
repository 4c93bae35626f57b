package scenario

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v3"
)

// Bounds of a load.
const (
	maxInFlight = 10_000
	maxBound    = 100_000
	maxStages   = 100
)

// The names of the fields of a load and of its stages.
const (
	fieldInFlight    = "inFlight"
	fieldRate        = "rate"
	fieldStages      = "stages"
	fieldArrivals    = "arrivals"
	fieldMaxInFlight = "maxInFlight"
	fieldFor         = "for"
)

func loadFields() []string {
	return []string{fieldInFlight, fieldRate, fieldStages, fieldArrivals, fieldMaxInFlight}
}

// load reads how work is spread over time. It returns nil where the file says nothing of it, or nothing
// that has one meaning.
func (r *reader) load(node *yaml.Node) *Shape {
	if !r.isMapping(fieldLoad, node, `such as {"rate": "5/s"}`) {
		return nil
	}
	faults := len(r.faults)
	fields := r.known(node, " of load", loadFields())
	given := slices.DeleteFunc([]string{fieldInFlight, fieldRate, fieldStages}, func(name string) bool { return fields[name] == nil })
	switch len(given) {
	case 0:
		if len(r.faults) == faults { // else one of the names is probably meant to be one of these
			r.fault(node, "load says not how much; expected one of inFlight, rate and stages, such as {\"rate\": \"5/s\"}")
		}
		return nil
	case 1:
	default:
		r.fault(fields[given[1]], "load has %s already; expected one of inFlight, rate and stages, so remove the others", given[0])
		return nil
	}
	s := &Shape{
		InFlight:    r.whole(fieldInFlight, fields[fieldInFlight], 1, maxInFlight),
		Rate:        r.steadyRate(fields[fieldRate]),
		Stages:      r.stages(fields[fieldStages]),
		Arrivals:    choice(r, fieldArrivals, fields[fieldArrivals], []Arrivals{Constant, Poisson}),
		MaxInFlight: r.whole(fieldMaxInFlight, fields[fieldMaxInFlight], 1, maxBound),
	}
	r.checkOpen(s, fields)
	if s.Open() && s.Arrivals == "" {
		s.Arrivals = Constant
	}
	return s
}

// checkOpen refuses what has no meaning where work starts when other work ends.
func (r *reader) checkOpen(s *Shape, fields map[string]*yaml.Node) {
	closed := fields[fieldInFlight] != nil || len(s.Stages) > 0 && !s.Open()
	for _, name := range []string{fieldArrivals, fieldMaxInFlight} {
		if closed && fields[name] != nil {
			r.fault(fields[name], "%s belongs to loads with a rate; remove it from this load, which keeps work in flight", name)
		}
	}
}

// stages reads the stages of a load.
func (r *reader) stages(node *yaml.Node) []Stage {
	var stages []Stage
	var first string
	moving := false
	for _, element := range r.list(fieldStages, node, maxStages, `[{"for": "2m", "rate": "10/s"}]`) {
		stage, kind, ok := r.stage(element)
		switch {
		case !ok:
			continue
		case first == "":
			first = kind
		case kind != first:
			r.fault(element, "this stage has %s, the first has %s; expected all stages to have the same", kind, first)
		}
		moving = moving || stage.Rate != nil && *stage.Rate > 0 || stage.InFlight != nil && *stage.InFlight > 0
		stages = append(stages, stage)
	}
	if len(stages) > 0 && len(stages) == len(node.Content) && !moving {
		r.fault(node, "every stage ends at 0, so that there is no load; expected one stage with more")
	}
	return stages
}

// stage reads one stage, and says which of rate and inFlight it has.
func (r *reader) stage(node *yaml.Node) (stage Stage, kind string, ok bool) {
	if !r.isMapping("a stage", node, `such as {"for": "2m", "rate": "10/s"}`) {
		return Stage{}, "", false
	}
	fields := r.known(node, " of a stage", []string{fieldFor, fieldRate, fieldInFlight})
	length, rate, inFlight := fields[fieldFor], fields[fieldRate], fields[fieldInFlight]
	faults := len(r.faults)
	if length == nil {
		r.fault(node, "for is missing in this stage; expected %s", somewhat)
	} else {
		stage.For = r.positive(fieldFor, length)
	}
	switch {
	case rate != nil && inFlight != nil:
		r.fault(node, "this stage has rate and inFlight; expected one of them")
	case rate != nil:
		reached := r.rate(rate)
		stage.Rate, kind = &reached, fieldRate
	case inFlight != nil:
		reached := r.whole(fieldInFlight, inFlight, 0, maxInFlight)
		stage.InFlight, kind = &reached, fieldInFlight
	default:
		r.fault(node, "this stage says not how much; expected rate or inFlight, such as {\"for\": \"2m\", \"rate\": \"10/s\"}")
	}
	return stage, kind, len(r.faults) == faults
}

// length is how long the stages last together.
func (s *Shape) length() time.Duration {
	var sum time.Duration
	for _, stage := range s.Stages {
		sum += time.Duration(stage.For)
	}
	return sum
}
