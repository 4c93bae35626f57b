package cli

import (
	"fmt"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/workload"
)

// mostLines is how many lines of progress are shown; with more, each entry is shown once, of all its namespaces
// together.
const mostLines = 16

// standings are where the entries stand in each namespace.
type standings struct {
	// namespaces are in the order in which they are shown.
	namespaces []string
	last       map[string][]handoff.EntryProgress
}

// arrange says in which order namespaces are shown.
func (c *console) arrange(namespaces []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.standings.namespaces = namespaces
}

// take notes what a namespace tells, and returns what is to be shown: the entries in their order and, of each, the
// namespaces in theirs.
func (s *standings) take(told []handoff.EntryProgress) []handoff.EntryProgress {
	if len(told) > 0 {
		if s.last == nil {
			s.last = map[string][]handoff.EntryProgress{}
		}
		namespace := told[0].Namespace
		s.last[namespace] = slices.Clone(told)
		if !slices.Contains(s.namespaces, namespace) {
			s.namespaces = append(slices.Clone(s.namespaces), namespace)
		}
	}
	var all []handoff.EntryProgress
	for _, namespace := range s.namespaces {
		all = append(all, s.last[namespace]...)
	}
	slices.SortStableFunc(all, func(a, b handoff.EntryProgress) int { return a.Entry - b.Entry })
	if len(all) > mostLines {
		return summedUp(all)
	}
	return all
}

// summedUp adds up what the namespaces of each entry tell.
func summedUp(all []handoff.EntryProgress) []handoff.EntryProgress {
	var sums []handoff.EntryProgress
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Entry == all[0].Entry {
			n++
		}
		if n == 1 {
			sums = append(sums, all[0])
		} else {
			sums = append(sums, sumOf(all[:n]))
		}
		all = all[n:]
	}
	return sums
}

// sumOf adds up one entry. It counts as failed when it failed everywhere; problems tell of each.
func sumOf(parts []handoff.EntryProgress) handoff.EntryProgress {
	sum := parts[0]
	sum.Namespace = fmt.Sprintf("%d namespaces", len(parts))
	for _, p := range parts[1:] {
		if p.Phase != sum.Phase {
			sum.Phase = string(workload.Running)
		}
		if sum.Total += p.Total; p.Total == 0 {
			sum.Total = 0
		}
		sum.Started += p.Started
		sum.InFlight += p.InFlight
		sum.Succeeded += p.Succeeded
		sum.Failed += p.Failed
		sum.Errors += p.Errors
		sum.Dropped += p.Dropped
		sum.CreateMax = max(sum.CreateMax, p.CreateMax)
		if p.Failure == "" {
			sum.Failure = ""
		}
	}
	return sum
}
