package scenario

import "time"

const (
	// TakingBack bounds what an entry does after its drain, so that nothing of it goes on: unfinished runs are
	// terminated, where that is asked for, and recurring runs deleted. KFP lets about five such calls a second
	// through.
	TakingBack = 5 * time.Minute
	// preparing is what preparations may take, at the most, of a server that is not in trouble.
	preparing = time.Minute
)

// End returns the latest moment, counted from the beginning of the run, at which an entry may still be at work:
// after its runTime, its drain, which is the one given where the entry names none, and the taking back. A
// runTime that has to be filled counts from the end of the preparations.
func (d *Document) End(drain time.Duration) time.Duration {
	var end time.Duration
	for _, e := range d.Entries {
		awaited := drain
		if e.Drain != nil {
			awaited = time.Duration(*e.Drain)
		}
		last := time.Duration(e.StartTime+e.RunTime) + awaited
		if e.Load != nil || e.Mode == RandomGets || e.Mode == PipelineUpload {
			last += preparing
		}
		if e.Terminate || e.Mode == PipelineScheduledRun {
			last += TakingBack
		}
		end = max(end, last)
	}
	return end
}
