package scenario

import "go.yaml.in/yaml/v3"

// anExample says what a file has to hold.
const anExample = `an array of entries such as [{"mode": "PIPELINE_RUN", "runTime": 5}]`

// The names of an entry's fields.
const (
	fieldMode           = "mode"
	fieldStartTime      = "startTime"
	fieldRunTime        = "runTime"
	fieldNumTimes       = "numTimes"
	fieldPipeline       = "pipelineFileName"
	fieldParams         = "params"
	fieldCron           = "cron"
	fieldName           = "name"
	fieldLabels         = "labels"
	fieldLoad           = "load"
	fieldWarmUp         = "warmUp"
	fieldDrain          = "drain"
	fieldTerminate      = "terminate"
	fieldCaching        = "caching"
	fieldSeed           = "seed"
	fieldThresholds     = "thresholds"
	fieldReads          = "reads"
	fieldAs             = "as"
	fieldPadTo          = "padTo"
	fieldMaxConcurrency = "maxConcurrency"
	fieldNamespaces     = "namespaces"
)

// entry reads one element of the array. It returns false when it is none.
func (r *reader) entry(node *yaml.Node) (Entry, bool) {
	if node.Kind != yaml.MappingNode {
		if node.Kind != 0 {
			r.fault(node, "this entry is %s; expected a mapping such as {\"mode\": \"PIPELINE_RUN\", \"runTime\": 5}", describe(node))
		}
		return Entry{}, false
	}
	fields := r.known(node, "", entryFields())
	mode := r.mode(node, fields[fieldMode])
	r.dropForeign(fields, mode)
	e := Entry{
		Mode:      mode,
		StartTime: r.delay(fieldStartTime, fields[fieldStartTime]),
		NumTimes:  r.numTimes(fields[fieldNumTimes], fields[fieldLoad]),
		Params:    r.params(fields[fieldParams]),
		Name:      r.line(fieldName, fields[fieldName]),
		Labels:    r.labels(fields[fieldLabels]),
		Load:      r.load(fields[fieldLoad]),
		WarmUp:    r.warmUp(fields[fieldWarmUp]),
		Terminate: r.terminate(fields[fieldTerminate]),
		Caching:   r.truth(fieldCaching, fields[fieldCaching]),
		Seed:      r.seed(fields[fieldSeed]),
		Reads:     r.reads(fields[fieldReads]),

		Namespaces: r.namespaces(fields[fieldNamespaces]),
	}
	e.RunTime = r.runTime(node, fields[fieldRunTime], fields[fieldLoad], e.Load)
	if drain := fields[fieldDrain]; drain != nil {
		awaited := r.delay(fieldDrain, drain)
		e.Drain = &awaited
	}
	e.PipelineFileName = r.pipelineFileName(node, fields[fieldPipeline], mode)
	r.modeFields(&e, node, fields)
	e.Thresholds = r.thresholds(fields[fieldThresholds])
	r.checkWarmUp(e, fields[fieldWarmUp])
	r.checkTicks(e, fields[fieldThresholds])
	r.checkShares(e, fields)
	r.checkTogether(e, fields[fieldNamespaces])
	return e, true
}

// modeFields reads what belongs to one mode alone, defaults included.
func (r *reader) modeFields(e *Entry, entry *yaml.Node, fields map[string]*yaml.Node) {
	switch e.Mode {
	case PipelineUpload:
		e.As = AsPipelines
		if as := choice(r, fieldAs, fields[fieldAs], []Upload{AsPipelines, AsVersions}); as != "" {
			e.As = as
		}
		e.PadTo = r.padTo(fields[fieldPadTo])
		r.checkPadding(e, fields[fieldPadTo])
	case PipelineScheduledRun:
		e.Cron = r.cron(entry, fields[fieldCron])
		e.MaxConcurrency = maxConcurrency
		if n := r.whole(fieldMaxConcurrency, fields[fieldMaxConcurrency], 1, maxConcurrency); n > 0 {
			e.MaxConcurrency = n
		}
	}
}

// terminate reads the switch of that name.
func (r *reader) terminate(node *yaml.Node) bool {
	asked := r.truth(fieldTerminate, node)
	return asked != nil && *asked
}
