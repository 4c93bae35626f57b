package scenarios

import "time"

// Description says what a shipped scenario is for.
type Description struct {
	// File is its name in FS.
	File string
	// Takes is about how long it goes on.
	Takes time.Duration
	// Pods says that its runs need some: room in the cluster, and an image that can be pulled.
	Pods bool
	// Question is the one that operators ask and that the scenario answers.
	Question string
}

// Index describes every scenario of FS, in the order in which people need them.
func Index() []Description {
	return []Description{
		{"smoke.json", time.Minute, true, "How much of a run's time is KFP's overhead?"},
		{"smoke-noop.json", time.Minute, false, "How much of a run's time is KFP's overhead?"},
		{"ci-gate.json", 5 * time.Minute, false, "Did this upgrade make it slower? (a CI gate)"},
		{"baseline.json", 11 * time.Minute, true, "Did this upgrade make it slower? (to compare)"},
		{"ramp.json", 11 * time.Minute, false, "How many concurrent runs before it degrades?"},
		{"burst.json", 5 * time.Minute, true, "How many nodes for N runs in T minutes?"},
		{"fan-out.json", 2 * time.Minute, true, "How wide can a pipeline fan out?"},
		{"cache-hit.json", 6 * time.Minute, true, "What is a cache hit worth?"},
		{"mixed.json", 7 * time.Minute, true, "Which component saturates first?"},
		{"aged-db.json", 11 * time.Minute, false, "How does history size hurt lists?"},
		{"uploads.json", 5 * time.Minute, false, "Is the API usable under load? (of uploads)"},
		{"schedules.json", 6 * time.Minute, false, "Do schedules fire on time?"},
		{"tenancy.json", 3 * time.Minute, false, "Does one tenant hurt another?"},
		{"soak.json", 4 * time.Hour, false, "Is the API usable under load? (for hours)"},
	}
}
