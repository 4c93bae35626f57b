package result

import "time"

// LateAfter is how long after its tick a run by schedule counts as late. KFP's controller looks at every
// schedule twice a minute when nothing else wakes it, so a run that is later than this is one of those
// that had to wait for such a look.
const LateAfter = 10 * time.Second

// Schedule is what became of an entry's recurring runs.
type Schedule struct {
	// Cron is the schedule as KFP got it: 6 fields, seconds first.
	Cron string `json:"cron"`
	// RecurringRuns were made on the server.
	RecurringRuns int `json:"recurringRuns"`
	// Expected counts the ticks of all recurring runs while they were enabled, by the parser that KFP
	// uses. Missed of them made no run, Double more than one, and Late a run more than LateAfter later. Here
	// and below, those of the warm-up are left out.
	Expected int `json:"expected"`
	Missed   int `json:"missed"`
	Double   int `json:"double"`
	Late     int `json:"late"`
	// Fired counts the runs, also those of no tick.
	Fired int `json:"fired"`
	// Left counts recurring runs that could not be deleted; each may go on making runs.
	Left int `json:"left,omitempty"`
}
