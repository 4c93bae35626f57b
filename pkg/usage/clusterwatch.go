package usage

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

const (
	// podsInterval is the time between two looks at KFP's pods. Their nodes measure them about as often.
	podsInterval = 15 * time.Second
	// farewell is how old the last look may be to serve as the one at the end.
	farewell = time.Second
)

// clusterWatch puts together what the cluster tells.
type clusterWatch struct {
	Cluster
	started time.Time

	environment result.Environment
	undescribed []result.Gap
	components  components
	looks       int
	// missing are gaps that looks had, by what was missing.
	missing map[string]missing
}

// missing is how often something was, and why at first.
type missing struct {
	times int
	why   string
}

// describe asks for the environment, once.
func (c *clusterWatch) describe(ctx context.Context) { c.environment, c.undescribed = c.Describe(ctx) }

// follow looks at the pods until looking is done, and then once more if there is an answer to hope for. What it
// asks for ends with asking.
func (c *clusterWatch) follow(looking, asking context.Context) {
	ticker := time.NewTicker(podsInterval)
	defer ticker.Stop()
	for {
		at := time.Now()
		answered := c.look(asking)
		select {
		case <-looking.Done():
			if answered && time.Since(at) >= farewell {
				c.look(asking)
			}
			return
		case <-ticker.C:
		}
	}
}

// look asks for the pods as they are now, and reports whether that was answered.
func (c *clusterWatch) look(ctx context.Context) bool {
	at := time.Since(c.started)
	pods, gaps := c.Pods(ctx)
	if c.looks > 0 && ctx.Err() != nil {
		return false // it was cut off by the end, which says nothing of the cluster
	}
	c.looks++
	answered := true
	for _, gap := range gaps {
		m, known := c.missing[gap.What]
		if !known {
			m.why = gap.Why
		}
		m.times++
		if c.missing == nil {
			c.missing = map[string]missing{}
		}
		c.missing[gap.What] = m
		answered = answered && gap.What != WhatPods
	}
	if answered {
		c.components.look(at, pods)
	}
	return answered
}

// tell adds what was seen.
func (c *clusterWatch) tell(seen *Seen) {
	if !c.there() {
		seen.miss(result.Gap{What: whatCluster, Why: cmp.Or(c.Absent, "no cluster was given to ask")})
		return
	}
	seen.Environment = c.environment
	seen.miss(c.undescribed...)
	all, gaps := c.components.result()
	seen.Resources.Components = all
	for _, what := range slices.Sorted(maps.Keys(c.missing)) {
		seen.miss(result.Gap{What: what, Why: someFailed(c.missing[what].times, c.looks, c.missing[what].why)})
	}
	for _, gap := range gaps {
		if _, told := c.missing[gap.What]; !told {
			seen.miss(gap)
		}
	}
}
