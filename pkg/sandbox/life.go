package sandbox

import "time"

// The states of a run.
const (
	pending   = "PENDING"
	running   = "RUNNING"
	succeeded = "SUCCEEDED"
	failed    = "FAILED"
	canceling = "CANCELING"
)

const (
	// startTime is how long a run is pending.
	startTime = 500 * time.Millisecond
	// stopTime is how long a run that is terminated goes on when it has pods, which get time to stop;
	// suspendedStopTime is that of one which has none.
	stopTime          = 10 * time.Second
	suspendedStopTime = time.Second
)

// life is what decides where a run stands: all of it follows from the clock. Times are the server's.
type life struct {
	created time.Time
	spec    *spec
	// lag is how late KFP learns of what happens.
	lag time.Duration
	// triggered says that a recurring run made the run, which KFP learns of when it is already running.
	triggered bool
	// terminated is when somebody terminated it, lost when its workflow was removed under it; zero when it
	// was not.
	terminated, lost time.Time
}

// standing is where a run stands for those who ask KFP.
type standing struct {
	state string
	// finished is zero before the end.
	finished time.Time
	history  []change
}

// change is a state that a run entered, and when KFP learned of it.
type change struct {
	state string
	known time.Time
}

func (l *life) started() time.Time { return l.created.Add(startTime) }

// end returns when and how the run ends; ok is false when it never does by itself.
func (l *life) end() (at time.Time, state string, ok bool) {
	at, state, ok = l.started().Add(l.spec.duration), succeeded, !l.spec.endless
	switch {
	case l.spec.flaw != "":
		at, state, ok = l.started(), failed, true
	case l.spec.fails:
		state = failed
	}
	if !l.terminated.IsZero() {
		stop := suspendedStopTime
		if l.spec.pods {
			stop = stopTime
		}
		if stopped := l.terminated.Add(stop); !ok || stopped.Before(at) {
			return stopped, failed, true
		}
	}
	return at, state, ok
}

// active reports whether the run's workflow is there and works at a moment.
func (l *life) active(now time.Time) bool {
	at, _, ends := l.end()
	return l.lost.IsZero() && (!ends || now.Before(at))
}

// standing returns where the run stands at a moment. What happens to a workflow that is lost before KFP
// learns of it, KFP never learns.
func (l *life) standing(now time.Time) standing {
	seen := now
	if !l.lost.IsZero() && l.lost.Before(seen) {
		seen = l.lost
	}
	s := standing{history: make([]change, 0, 3)}
	if !l.triggered {
		s.enter(pending, l.created)
	}
	at, state, ends := l.end()
	if known := l.started().Add(l.lag); !known.After(seen) && (!ends || !l.started().After(at)) {
		s.enter(running, known)
	}
	if known := at.Add(l.lag); ends && !known.After(seen) {
		s.enter(state, known)
		s.finished = at
	} else if !l.terminated.IsZero() {
		s.state = canceling // KFP's history does not have it
	}
	return s
}

func (s *standing) enter(state string, known time.Time) {
	s.state = state
	s.history = append(s.history, change{state, known})
}
