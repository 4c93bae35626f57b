package workload

import (
	"context"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/load"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// spread is how slots are spread over time: by a pacer, or by clients that are kept busy.
type spread struct {
	pacer   load.Pacer
	clients load.Profile
	// limit is how many slots there are at most, 0 for no limit.
	limit       int
	maxInFlight int
	// shard is the part of all this that is done here.
	shard load.Shard
	// sinceStart counts the runTime from the entry's start, and not from the end of the preparations. It is
	// for work that is due as soon as it can be done.
	sinceStart bool
}

// atOnce starts all slots at the start.
func atOnce(e scenario.Entry) spread { return spread{pacer: load.Burst(e.NumTimes), sinceStart: true} }

// evenly starts the slots in equal intervals over the runTime.
func evenly(e scenario.Entry) spread {
	runTime := time.Duration(e.RunTime)
	return spread{
		pacer: load.Constant(load.Steady(float64(e.NumTimes)/runTime.Seconds(), runTime)), limit: e.NumTimes,
	}
}

// clients keeps numTimes clients busy until the end of the runTime.
func clients(e scenario.Entry) spread {
	return spread{clients: load.Steady(float64(e.NumTimes), time.Duration(e.RunTime))}
}

// spreadOf returns how the slots of an entry are spread over time.
func spreadOf(e scenario.Entry, seed uint64, otherwise func(scenario.Entry) spread) spread {
	if e.Load == nil {
		return otherwise(e)
	}
	s := spread{limit: e.NumTimes, maxInFlight: e.Load.MaxInFlight}
	profile := profileOf(e)
	switch {
	case !e.Load.Open():
		s.clients = profile
	case e.Load.Arrivals == scenario.Poisson:
		s.pacer = load.Poisson{Rate: profile, Seed: seed}
	default:
		s.pacer = load.Constant(profile)
	}
	return s
}

// profileOf is the rate, or the number in flight, of an entry over time. Stages begin where the one before
// ended, the first at 0.
func profileOf(e scenario.Entry) load.Profile {
	runTime := time.Duration(e.RunTime)
	switch shape := e.Load; {
	case shape.Rate > 0:
		return load.Steady(float64(shape.Rate), runTime)
	case shape.InFlight > 0:
		return load.Steady(float64(shape.InFlight), runTime)
	}
	var profile load.Profile
	figure := 0.0
	for _, stage := range e.Load.Stages {
		next := load.Stage{For: time.Duration(stage.For), From: figure}
		if stage.Rate != nil {
			next.To = float64(*stage.Rate)
		} else if stage.InFlight != nil {
			next.To = float64(*stage.InFlight)
		}
		profile, figure = append(profile, next), next.To
	}
	return profile
}

// shardOf returns the part of an entry that belongs to a namespace.
func shardOf(e scenario.Entry, namespace string) load.Shard {
	index, of, has := e.Share(namespace)
	if !has || of < 2 {
		return load.Shard{}
	}
	return load.Shard{Index: index, Of: of}
}

// total counts the shard's slots; 0 when nobody knows, as with clients that work until the time is over. Of a long
// schedule of random arrivals it is the number to be expected.
func (s spread) total() int {
	if s.pacer == nil {
		return s.shard.Part(s.limit)
	}
	return s.shard.Part(load.Count(s.pacer, s.limit))
}

// bound is the shard's part of what may be in flight; 0 for no bound.
func (s spread) bound() int {
	if s.maxInFlight == 0 {
		return 0
	}
	return max(s.shard.Part(s.maxInFlight), 1)
}

// fire starts the slots, and returns when all of them are over. No slot starts once gate is done.
func (s spread) fire(
	gate context.Context, start, until time.Time, drop, late func(load.Slot), do load.Work,
) load.Tally {
	if s.pacer == nil {
		return load.Tally{Started: load.Keep(gate, load.Loop{Clients: s.clients, Start: start, Limit: s.limit, Shard: s.shard}, do)}
	}
	return load.Fire(gate, load.Plan{
		Pacer: s.pacer, Start: start, Until: until, Limit: s.limit, MaxInFlight: s.bound(), Drop: drop, Late: late,
		Shard: s.shard,
	}, do)
}
