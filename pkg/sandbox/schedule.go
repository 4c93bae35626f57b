package sandbox

import (
	"time"

	"github.com/robfig/cron"
)

// schedule is when a recurring run makes runs: by a cron, at an interval, or once when it has neither.
type schedule struct {
	cron       cron.Schedule
	interval   time.Duration
	start, end time.Time // zero when there is none
	// noCatchup makes it leave out all ticks that are due but the last.
	noCatchup bool
}

// parse takes the schedule from a message.
func (t triggerMessage) parse(noCatchup bool) (schedule, *refusal) {
	s := schedule{noCatchup: noCatchup}
	switch {
	case t.Cron != nil:
		parsed, err := cron.Parse(t.Cron.Cron)
		if err != nil {
			return s, invalid("Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: %v", err)
		}
		s.cron, s.start, s.end = parsed, t.Cron.StartTime.time(), t.Cron.EndTime.time()
	case t.Periodic != nil:
		if t.Periodic.IntervalSecond < 1 {
			return s, invalid("Found invalid period schedule interval %d. Set at interval to least 1 second", t.Periodic.IntervalSecond)
		}
		s.interval = time.Duration(t.Periodic.IntervalSecond) * time.Second
		s.start, s.end = t.Periodic.StartTime.time(), t.Periodic.EndTime.time()
	}
	return s, nil
}

// next returns the tick that comes after the last one (zero when there was none), as KFP's controller
// works it out at a moment; ok is false when there is none.
func (s schedule) next(last, created, now time.Time) (tick time.Time, ok bool) {
	created, now = created.Truncate(time.Second).UTC(), now.Truncate(time.Second).UTC()
	switch {
	case s.cron != nil:
		return s.nextOfCron(last, created, now)
	case s.interval > 0:
		return s.nextOfInterval(last, created, now)
	}
	return created, last.IsZero()
}

// after is what the next tick is counted from: the last one, else the start that was asked for, else the
// creation.
func (s schedule) after(last, created time.Time) time.Time {
	switch {
	case !last.IsZero():
		return last
	case !s.start.IsZero():
		return s.start
	}
	return created
}

func (s schedule) nextOfCron(last, created, now time.Time) (tick time.Time, ok bool) {
	after := s.after(last, created)
	if s.start.After(after) {
		after = s.start
	}
	tick = s.cron.Next(after)
	if tick.IsZero() || s.over(tick) {
		return tick, false
	}
	for s.noCatchup {
		later := s.cron.Next(tick)
		if later.IsZero() || later.After(now) || s.over(later) {
			break
		}
		tick = later
	}
	return tick, true
}

func (s schedule) nextOfInterval(last, created, now time.Time) (tick time.Time, ok bool) {
	after := s.after(last, created)
	if s.start.After(after) {
		return s.start, true
	}
	tick = after.Add(s.interval)
	if s.over(tick) {
		return tick, false
	}
	if s.noCatchup && !now.Before(tick.Add(s.interval)) {
		if tick = now; s.over(now) {
			tick = s.end
		}
	}
	return tick, true
}

func (s schedule) over(tick time.Time) bool { return !s.end.IsZero() && s.end.Before(tick) }
