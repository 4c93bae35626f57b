package sandbox

import (
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// syncPeriod is how often KFP's controller looks at each recurring run, counted from its creation; it makes
// one run then at the most.
const syncPeriod = 10 * time.Second

// controlled is what KFP's controller keeps of a recurring run.
type controlled struct {
	// resource is the name of its Kubernetes object.
	resource string
	updated  time.Time
	enabled  bool
	// synced is when it was looked at last, next when it has to be looked at again; zero for never.
	synced, next time.Time
	// last is the last tick that made a run, zero when there was none; index counts the runs.
	last  time.Time
	index int
	// workflows are the runs that had not ended when it was looked at last.
	workflows []*run
	// unknown are those that KFP has not learned of.
	unknown []*run
}

// control begins with the object's name as Kubernetes makes it: a part of the recurring run's, and five
// random characters.
func (c *controlled) control(name, random string, now time.Time) {
	name = strings.Map(func(r rune) rune {
		if r == '-' || r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if name == "" {
		name = "job-"
	}
	c.resource = name[:min(len(name), 25)] + random
	c.updated, c.synced = now, now
}

// nextName returns the name of the next workflow, which is also that of the run.
func (c *controlled) nextName() string {
	name := fmt.Sprintf("%s-%d", c.resource, c.index)
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash takes everything
	return fmt.Sprintf("%s-%d", name, h.Sum32())
}

// turn enables or disables the recurring run.
func (j *recurringRun) turn(enabled bool, now time.Time) {
	if j.enabled != enabled {
		j.enabled, j.updated = enabled, now
	}
	j.plan()
}

// plan sets when the recurring run has to be looked at again.
func (j *recurringRun) plan() {
	j.next = time.Time{}
	if !j.enabled {
		return
	}
	soonest := j.synced.Add(syncPeriod)
	tick, ok := j.schedule.next(j.last, j.created, soonest)
	if !ok {
		return
	}
	j.next = soonest
	if late := tick.Sub(soonest); late > 0 { // there is nothing to do before
		j.next = soonest.Add((late + syncPeriod - 1) / syncPeriod * syncPeriod)
	}
}

// schedule notes when the server has to look at recurring runs again.
func (s *store) schedule() {
	due := int64(math.MaxInt64)
	for _, j := range s.recurring.all {
		if !j.next.IsZero() {
			due = min(due, j.next.UnixNano())
		}
		for _, made := range j.unknown {
			due = min(due, made.started().Add(made.lag).UnixNano())
		}
	}
	s.due.Store(due)
}

// catchUp does what KFP's controller and its persistence agent would have done until now.
func (s *Server) catchUp(now time.Time) {
	if now.UnixNano() < s.store.due.Load() {
		return
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	for _, j := range s.store.recurring.all {
		s.sync(j, now)
	}
	s.store.schedule()
}

// sync looks at a recurring run as often as it was due until now.
func (s *Server) sync(j *recurringRun, now time.Time) {
	for !j.next.IsZero() && !j.next.After(now) {
		at := j.next
		j.synced = at
		j.workflows = slices.DeleteFunc(j.workflows, func(r *run) bool { return !r.active(at) })
		tick, ok := j.schedule.next(j.last, j.created, at)
		if ok && !tick.After(at) && len(j.workflows) < int(j.asked.MaxConcurrency) {
			j.trigger(s, tick, at)
		}
		j.plan()
	}
	j.unknown = slices.DeleteFunc(j.unknown, func(r *run) bool {
		if r.started().Add(r.lag).After(now) {
			return false
		}
		s.store.runs.add(r)
		return true
	})
}

// trigger makes the run of a tick. Without a service account, as the server knows none of it.
func (j *recurringRun) trigger(s *Server, tick, at time.Time) {
	j.last = tick
	j.index++
	name := j.nextName()
	made := s.newRun(&run{
		name: name, workflow: name, experimentID: j.experimentID, namespace: j.namespace, recurringID: j.id,
		reference: j.reference, inline: j.inline, config: j.asked.RuntimeConfig, scheduled: tick,
		life: life{spec: j.spec, triggered: true},
	}, at)
	j.updated = at
	j.workflows = append(j.workflows, made)
	j.unknown = append(j.unknown, made)
}

func (s *Server) enableRecurringRun(r *http.Request) (any, *refusal) {
	return s.alter(r, func(j *recurringRun, now time.Time) {
		j.synced = now.Add(-(now.Sub(j.created) % syncPeriod)) // it was not looked at while it was disabled
		j.turn(true, now)
	})
}

func (s *Server) disableRecurringRun(r *http.Request) (any, *refusal) {
	return s.alter(r, func(j *recurringRun, now time.Time) { j.turn(false, now) })
}

// deleteRecurringRun removes a recurring run and its workflows, without which their runs never end.
func (s *Server) deleteRecurringRun(r *http.Request) (any, *refusal) {
	return s.alter(r, func(j *recurringRun, now time.Time) {
		for _, made := range j.workflows {
			if made.lost.IsZero() {
				made.lost = now
			}
		}
		s.store.recurring.remove(j)
	})
}

// alter changes a recurring run, as it is when all that was due is done.
func (s *Server) alter(r *http.Request, change func(j *recurringRun, now time.Time)) (any, *refusal) {
	j, refused := s.recurringFor(r)
	if refused == nil {
		refused = s.schedules.pass(r.Context())
	}
	if refused != nil {
		return nil, refused
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	now := s.Now()
	s.sync(j, now)
	change(j, now)
	s.store.schedule()
	return done{}, nil
}
