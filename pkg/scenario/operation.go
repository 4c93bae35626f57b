package scenario

// Operations are the API operations that the product calls, and that a threshold can judge.
func Operations() []string {
	return []string{
		"UploadPipeline", "UploadPipelineVersion", "ListPipelines", "GetPipeline", "ListPipelineVersions", "GetPipelineVersion",
		"CreateExperiment", "ListExperiments", "GetExperiment",
		"CreateRun", "ListRuns", "GetRun", "TerminateRun",
		"CreateRecurringRun", "ListRecurringRuns", "GetRecurringRun", "DisableRecurringRun", "DeleteRecurringRun",
	}
}

// The subjects of thresholds.
const (
	subjectAPI   = "api"
	subjectRuns  = "runs"
	subjectRun   = "run"
	subjectTicks = "ticks"
)

// measure is what a threshold can judge of a subject.
type measure struct {
	name string
	kind kind
}

// kind says how a measure is written: a distribution is judged by one of its statistics against a
// duration, the others are judged as they are.
type kind int

const (
	distribution kind = iota
	share             // a number of things, or the percentage that they are of all
	count             // a number of things
)

// measures are those of a subject, nil for one that is not known.
func measures(subject string) []measure {
	switch subject {
	case subjectAPI:
		return []measure{{"response", distribution}, {"service", distribution}, {"lag", distribution}, {"errors", share}, {"calls", count}}
	case subjectRuns:
		return []measure{{"success", share}, {"failed", share}, {"unfinished", share}, {"errors", share}, {"dropped", share}}
	case subjectRun:
		return []measure{{"duration", distribution}}
	case subjectTicks:
		return []measure{{"missed", share}, {"double", share}, {"late", share}, {"lag", distribution}}
	}
	return nil
}

// statistics are the words, beside percentiles, that a distribution of a subject is judged by.
func statistics(subject string) []string {
	if subject == subjectTicks { // people ask for the worst of what was late
		return []string{"max"}
	}
	return []string{"min", "mean", "max"}
}
