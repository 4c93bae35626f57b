package scenario

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Modes are all modes, in the order in which people are told of them.
func Modes() []Mode {
	return []Mode{PipelineRun, Experiment, RandomGets, PipelineUpload, PipelineScheduledRun}
}

// entryFields are the fields that an entry may have, in the order in which people are told of them.
func entryFields() []string {
	return []string{
		fieldMode, fieldStartTime, fieldRunTime, fieldNumTimes, fieldPipeline, fieldParams, fieldCron,
		fieldName, fieldLabels, fieldLoad, fieldWarmUp, fieldDrain, fieldTerminate, fieldCaching, fieldSeed,
		fieldThresholds, fieldReads, fieldAs, fieldPadTo, fieldMaxConcurrency, fieldNamespaces,
	}
}

// modesOf returns the modes that a field has a meaning in; nil stands for all.
func modesOf(field string) []Mode {
	switch field {
	case fieldPipeline:
		return []Mode{PipelineRun, Experiment, PipelineUpload, PipelineScheduledRun}
	case fieldParams, fieldCaching, fieldTerminate:
		return []Mode{PipelineRun, Experiment, PipelineScheduledRun}
	case fieldLoad:
		return []Mode{PipelineRun, Experiment, RandomGets, PipelineUpload}
	case fieldReads:
		return []Mode{RandomGets}
	case fieldAs, fieldPadTo:
		return []Mode{PipelineUpload}
	case fieldCron, fieldMaxConcurrency:
		return []Mode{PipelineScheduledRun}
	}
	return nil
}

// dropForeign tells of fields that mean nothing in a mode, and takes them out.
func (r *reader) dropForeign(fields map[string]*yaml.Node, mode Mode) {
	for name, node := range fields {
		modes := modesOf(name)
		if mode == "" || modes == nil || slices.Contains(modes, mode) {
			continue
		}
		r.fault(node, "%s belongs to mode %s only; remove it from this entry of mode %s", name, listed("or", modes...), mode)
		delete(fields, name)
	}
}

// mode reads the mode. It returns none where the fault lies in the mode itself.
func (r *reader) mode(entry, node *yaml.Node) Mode {
	if node == nil {
		r.fault(entry, "mode is missing; expected %s", listed("or", Modes()...))
		return ""
	}
	return choice(r, fieldMode, node, Modes())
}

// choice reads one of a few words, and returns none after telling of a fault.
func choice[T ~string](r *reader, field string, node *yaml.Node, known []T) T {
	switch {
	case node == nil || node.Kind == 0:
	case node.Kind != yaml.ScalarNode || node.Tag != tagString:
		r.fault(node, "%s is %s; expected %s", field, describe(node), listed("or", known...))
	case slices.Contains(known, T(node.Value)):
		return T(node.Value)
	default:
		words := make([]string, len(known))
		for i, word := range known {
			words[i] = string(word)
		}
		r.fault(node, "unknown %s %s%s", field, quote(node.Value), orSuggest(node.Value, words))
	}
	return ""
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
