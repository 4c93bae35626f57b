package result

// untilRunning is how long after the answer to its create call a run was first seen at work: what somebody waits
// who looks at the list of runs.
func untilRunning() RunMetric {
	return RunMetric{Name: "untilRunning", Unit: Seconds, Seen: true, Of: func(r Run) (int64, bool) {
		return between(r.Created, r.Running)
	}}
}
