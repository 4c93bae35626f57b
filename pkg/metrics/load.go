package metrics

import (
	"encoding/json"
	"fmt"
	"time"
)

// Load is the load that was put on over time, beside the load that was meant to be. The zero value is empty
// and ready; it is not safe for concurrent use.
type Load struct {
	w windows[moment, *moment]
	// inFlight is how many pieces of work are at work since changed.
	inFlight int64
	changed  time.Duration
}

// moment is what a window holds of a load. Busy adds up the time of all that was in flight.
type moment struct {
	planned, sent, dropped, late int64
	busy                         time.Duration
}

func (m *moment) add(other moment) {
	m.planned += other.planned
	m.sent += other.sent
	m.dropped += other.dropped
	m.late += other.late
	m.busy += other.busy
}

// Sent notes a piece of work that was due at one time since the start and begun at another.
func (l *Load) Sent(planned, sent time.Duration) {
	l.w.at(planned).planned++
	l.w.at(sent).sent++
	l.pass(sent)
	l.inFlight++
}

// Ended notes the end of a piece of work that was begun.
func (l *Load) Ended(at time.Duration) {
	l.pass(at)
	l.inFlight--
}

// Dropped notes a piece of work that was due and not begun, because too many were in flight.
func (l *Load) Dropped(planned time.Duration) {
	m := l.w.at(planned)
	m.planned++
	m.dropped++
}

// Late notes a piece of work that was due, and not begun because the time was over.
func (l *Load) Late(planned time.Duration) {
	m := l.w.at(planned)
	m.planned++
	m.late++
}

// pass adds what was in flight until a moment to the windows that it was in flight in.
func (l *Load) pass(until time.Duration) {
	for l.inFlight > 0 && l.changed < until {
		m := l.w.at(l.changed)
		end := min(until, (l.changed/l.w.width+1)*l.w.width)
		m.busy += time.Duration(l.inFlight) * (end - l.changed)
		l.changed = end
	}
	l.changed = max(l.changed, until)
}

// Until returns a copy of the load as it stands at a moment.
func (l Load) Until(at time.Duration) Load {
	l.w = l.w.clone()
	l.pass(at)
	return l
}

// Merge adds what other holds, exactly; both have to be at their end.
func (l *Load) Merge(other Load) {
	l.w.merge(other.w)
	l.inFlight += other.inFlight
}

// loadForm is the JSON form of a Load, one figure a window.
type loadForm struct {
	Width   int64   `json:"windowSeconds,omitempty"`
	Planned []int64 `json:"planned"`
	Sent    []int64 `json:"sent"`
	Dropped []int64 `json:"dropped"`
	Late    []int64 `json:"late"`
	// Busy by the width of the window is how many were in flight on average.
	Busy []int64 `json:"inFlightMillis"`
}

// MarshalJSON writes the load as columns.
func (l Load) MarshalJSON() ([]byte, error) {
	return json.Marshal(loadForm{
		Width:   int64(l.w.width / time.Second),
		Planned: column(l.w, func(m moment) int64 { return m.planned }),
		Sent:    column(l.w, func(m moment) int64 { return m.sent }),
		Dropped: column(l.w, func(m moment) int64 { return m.dropped }),
		Late:    column(l.w, func(m moment) int64 { return m.late }),
		Busy:    column(l.w, func(m moment) int64 { return m.busy.Milliseconds() }),
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (l *Load) UnmarshalJSON(data []byte) error {
	var form loadForm
	if err := json.Unmarshal(data, &form); err != nil {
		return fmt.Errorf("decoding load: %w", err)
	}
	w, err := restore(form.Width, func(m *moment, f []int64) {
		*m = moment{f[0], f[1], f[2], f[3], time.Duration(f[4]) * time.Millisecond}
	}, form.Planned, form.Sent, form.Dropped, form.Late, form.Busy)
	if err != nil {
		return fmt.Errorf("decoding load: %w", err)
	}
	*l = Load{w: w}
	return nil
}

// Peak returns the window in which the most was in flight on average: how many that were, and when it began.
func (l Load) Peak() (inFlight float64, at time.Duration) {
	for i, m := range l.w.cells {
		if n := float64(m.busy) / float64(l.w.width); n > inFlight {
			inFlight, at = n, time.Duration(i)*l.w.width
		}
	}
	return inFlight, at
}

// Sending returns how much was planned and how much was sent until the last of it was due, and how long that
// took.
func (l Load) Sending() (planned, sent int64, during time.Duration) {
	for i, m := range l.w.cells {
		planned += m.planned
		sent += m.sent
		if m.planned > 0 || m.sent > 0 {
			during = time.Duration(i+1) * l.w.width
		}
	}
	return planned, sent, during
}
