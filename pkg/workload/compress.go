package workload

import (
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// compressed returns an entry whose times pass so many times as fast, with the same work in them: a rate
// grows as the time shrinks. It is for servers whose own time runs as fast.
func compressed(e scenario.Entry, speed float64) scenario.Entry {
	if speed == 0 || speed == 1 {
		return e
	}
	shrink := func(d scenario.Duration) scenario.Duration {
		return scenario.Duration(shorter(time.Duration(d), speed))
	}
	e.StartTime, e.RunTime = shrink(e.StartTime), shrink(e.RunTime)
	if e.WarmUp != nil {
		e.WarmUp = &scenario.WarmUp{Count: e.WarmUp.Count, Time: shrink(e.WarmUp.Time)}
	}
	if e.Drain != nil {
		drain := shrink(*e.Drain)
		e.Drain = &drain
	}
	if e.Load == nil {
		return e
	}
	shape := *e.Load
	shape.Rate *= scenario.Rate(speed)
	shape.Stages = slices.Clone(shape.Stages)
	for i := range shape.Stages {
		stage := &shape.Stages[i]
		stage.For = shrink(stage.For)
		if stage.Rate != nil {
			rate := *stage.Rate * scenario.Rate(speed)
			stage.Rate = &rate
		}
	}
	e.Load = &shape
	return e
}

// shorter divides a time.
func shorter(d time.Duration, speed float64) time.Duration {
	if speed == 0 {
		return d
	}
	return time.Duration(float64(d) / speed)
}
