package usage

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// mostComponents bounds what goes into a result. KFP has about a dozen.
const mostComponents = 100

// components puts looks at KFP's pods together.
type components struct {
	use map[string]*result.ComponentUse
	// pods are all that were seen, by id.
	pods map[string]seenPod
	// before are the figures that were there at the first look. They are of the time before the run: that is
	// known from themselves, without comparing the cluster's clock with ours.
	before map[string]time.Time
}

// seenPod is what is remembered of a pod.
type seenPod struct {
	component   string
	first, last int // restarts
}

// look notes the pods of a look at a time since the start of the run.
func (c *components) look(at time.Duration, pods []Pod) {
	firstLook := c.use == nil
	if firstLook {
		c.use, c.pods, c.before = map[string]*result.ComponentUse{}, map[string]seenPod{}, map[string]time.Time{}
	}
	now := map[string]*standing{}
	for _, pod := range pods {
		if firstLook && pod.Figures != nil {
			c.before[pod.ID] = pod.Figures.Taken
		}
		c.restarts(pod, firstLook)
		s := now[pod.Component]
		if s == nil {
			s = &standing{cpuLimit: new(int64), memoryLimit: new(int64)}
			now[pod.Component] = s
		}
		s.add(pod, c.before[pod.ID])
	}
	for name, s := range now {
		use := c.use[name]
		if use == nil {
			use = &result.ComponentUse{Name: name}
			c.use[name] = use
		}
		if s.pods >= use.Pods {
			use.Pods, use.CPULimitMilli, use.MemoryLimitBytes = s.pods, s.cpuLimit, s.memoryLimit
		}
		if s.figures > 0 && !s.old {
			use.CPUMilli.Set(at, s.cpu)
			use.MemoryBytes.Set(at, s.memory)
		}
	}
}

// restarts notes those of a pod. One that was made meanwhile had none before.
func (c *components) restarts(pod Pod, firstLook bool) {
	seen, known := c.pods[pod.ID]
	if !known {
		seen.component = pod.Component
		if firstLook {
			seen.first = pod.Restarts
		}
	}
	seen.last = pod.Restarts
	c.pods[pod.ID] = seen
}

// standing adds up the pods of a component at one look.
type standing struct {
	pods, figures int
	// cpuLimit and memoryLimit are nil when a pod has none.
	cpuLimit, memoryLimit *int64
	cpu, memory           int64
	// old says that a figure is of the time before the run; the sum would mix the two.
	old bool
}

func (s *standing) add(pod Pod, before time.Time) {
	s.pods++
	s.cpuLimit, s.memoryLimit = plus(s.cpuLimit, pod.CPULimitMilli), plus(s.memoryLimit, pod.MemoryLimitBytes)
	if pod.Figures == nil {
		return
	}
	s.figures++
	s.cpu += pod.Figures.CPUMilli
	s.memory += pod.Figures.MemoryBytes
	s.old = s.old || pod.Figures.Taken.Equal(before)
}

// plus adds what may be missing, and then misses the sum.
func plus(sum, more *int64) *int64 {
	if sum == nil || more == nil {
		return nil
	}
	all := *sum + *more
	return &all
}

// result returns the components in the order of their names, and what is missing of them.
func (c *components) result() ([]result.ComponentUse, []result.Gap) {
	for _, pod := range c.pods {
		c.use[pod.component].Restarts += pod.last - pod.first
	}
	var all []result.ComponentUse
	figures := false
	for _, name := range slices.Sorted(maps.Keys(c.use)) {
		all = append(all, *c.use[name])
		figures = figures || c.use[name].CPUMilli.Count() > 0
	}
	var gaps []result.Gap
	if len(all) > 0 && !figures {
		gaps = append(gaps, result.Gap{
			What: WhatFigures,
			Why:  "metrics.k8s.io had no figure of the time of the run; let it run for a minute or more",
		})
	}
	if len(all) > mostComponents {
		gaps = append(gaps, result.Gap{
			What: whatComponents, Why: fmt.Sprintf("only the first %d of %d components are listed", mostComponents, len(all)),
		})
		all = all[:mostComponents]
	}
	return all, gaps
}
