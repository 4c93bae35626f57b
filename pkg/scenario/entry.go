package scenario

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// anExample says what a file has to hold.
const anExample = `an array of entries such as [{"mode": "PIPELINE_RUN", "runTime": 5}]`

// The names of an entry's fields.
const (
	fieldMode      = "mode"
	fieldStartTime = "startTime"
	fieldRunTime   = "runTime"
	fieldNumTimes  = "numTimes"
	fieldPipeline  = "pipelineFileName"
	fieldParams    = "params"
	fieldCron      = "cron"
)

// fieldNames are those that an entry may have, in the order in which people are told of them.
func fieldNames() []string {
	return []string{fieldMode, fieldStartTime, fieldRunTime, fieldNumTimes, fieldPipeline, fieldParams, fieldCron}
}

// entries reads the array that a scenario is.
func (r *reader) entries(root *yaml.Node) []Entry {
	switch {
	case root.Kind == 0:
		return nil
	case root.Kind == yaml.MappingNode:
		r.fault(root, "this is one mapping; expected %s, so put brackets around it", anExample)
	case root.Kind != yaml.SequenceNode:
		r.fault(root, "this is %s; expected %s", describe(root), anExample)
	case len(root.Content) == 0:
		r.fault(root, "the scenario has no entries; expected %s", anExample)
	case len(root.Content) > maxEntries:
		r.fault(root.Content[maxEntries], "this is entry %d; expected %d at the most, so use numTimes or split the file",
			maxEntries+1, maxEntries)
	}
	if root.Kind != yaml.SequenceNode {
		return nil
	}
	var entries []Entry
	for _, node := range root.Content[:min(len(root.Content), maxEntries)] {
		if e, ok := r.entry(node); ok {
			entries = append(entries, e)
		}
	}
	return entries
}

// entry reads one element of the array. It returns false when it is none.
func (r *reader) entry(node *yaml.Node) (Entry, bool) {
	if node.Kind != yaml.MappingNode {
		if node.Kind != 0 {
			r.fault(node, "this entry is %s; expected a mapping such as {\"mode\": \"PIPELINE_RUN\", \"runTime\": 5}", describe(node))
		}
		return Entry{}, false
	}
	fields := map[string]*yaml.Node{}
	for name, value := range r.fields(node) {
		if !slices.Contains(fieldNames(), name.Value) {
			r.fault(name, "unknown field %s%s", quote(name.Value), orSuggest(name.Value, fieldNames()))
			continue
		}
		fields[name.Value] = value
	}
	e := Entry{
		Mode:      r.mode(node, fields[fieldMode]),
		StartTime: r.startTime(fields[fieldStartTime]),
		RunTime:   r.runTime(node, fields[fieldRunTime]),
		NumTimes:  r.numTimes(fields[fieldNumTimes]),
		Params:    r.params(fields[fieldParams]),
	}
	e.PipelineFileName = r.pipelineFileName(node, fields[fieldPipeline], e.Mode)
	e.Cron = r.cron(fields[fieldCron], e.Mode)
	return e, true
}

// fields yields the names and values of a mapping that may be used: names that are not text, or that come
// again, are told of and left out.
func (r *reader) fields(mapping *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(name, value *yaml.Node) bool) {
		lines := map[string]int{}
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			name, value := mapping.Content[i], mapping.Content[i+1]
			first, again := lines[name.Value]
			switch {
			case name.Kind == 0:
				continue
			case name.Kind != yaml.ScalarNode || name.Tag != tagString:
				r.fault(name, "this name is %s; expected text, so put quotes around it", describe(name))
				continue
			case again:
				r.fault(name, "%s is given again; it was first given in line %d, so remove one of the two", quote(name.Value), first)
				continue
			}
			lines[name.Value] = name.Line
			if !yield(name, value) {
				return
			}
		}
	}
}

// mode reads the mode. It returns none where the fault lies in the mode itself.
func (r *reader) mode(entry, node *yaml.Node) Mode {
	expected := listed("or", PipelineRun, Experiment)
	switch {
	case node == nil:
		r.fault(entry, "mode is missing; expected %s", expected)
	case node.Kind == 0:
	case node.Kind != yaml.ScalarNode || node.Tag != tagString:
		r.fault(node, "mode is %s; expected %s", describe(node), expected)
	default:
		switch mode := Mode(node.Value); mode {
		case PipelineRun, Experiment:
			return mode
		case RandomGets, PipelineUpload, PipelineScheduledRun:
			r.fault(node, "mode %s is known, but this release does not run it yet; expected %s", mode, expected)
			return mode
		}
		r.fault(node, "unknown mode %s%s", quote(node.Value), orSuggest(node.Value, []string{string(PipelineRun), string(Experiment)}))
	}
	return ""
}

// cron reads the schedule.
func (r *reader) cron(node *yaml.Node, mode Mode) string {
	switch {
	case node == nil || node.Kind == 0:
		return ""
	case node.Kind != yaml.ScalarNode || node.Tag != tagString || node.Value == "":
		r.fault(node, "cron is %s; expected a schedule in quotes, such as \"0 */5 * * * *\"", describe(node))
	case mode != "" && mode != PipelineScheduledRun:
		r.fault(node, "cron belongs to mode %s only; remove it from this entry of mode %s", PipelineScheduledRun, mode)
	}
	return node.Value
}

// listed writes names as a sentence does: "a, b or c".
func listed[T ~string](conjunction string, names ...T) string {
	var text strings.Builder
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			fmt.Fprintf(&text, " %s ", conjunction)
		default:
			text.WriteString(", ")
		}
		text.WriteString(string(name))
	}
	return text.String()
}
