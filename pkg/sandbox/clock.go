package sandbox

import "time"

// clock is the server's time: the wall clock's, or one that runs faster from the same start.
type clock struct {
	wall  func() time.Time
	start time.Time
	speed float64
}

func (c clock) now() time.Time {
	if c.speed == 1 {
		return c.wall()
	}
	return c.start.Add(time.Duration(float64(c.wall().Sub(c.start)) * c.speed))
}

// stamp is a time in a message: whole seconds, as KFP's database keeps them.
type stamp time.Time

// unset returns what KFP says where it has no time.
func unset() stamp { return stamp(time.Unix(0, 0)) }

// MarshalText implements encoding.TextMarshaler.
func (t stamp) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().Truncate(time.Second).AppendFormat(make([]byte, 0, len(time.RFC3339)), time.RFC3339), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (t *stamp) UnmarshalText(content []byte) error { return (*time.Time)(t).UnmarshalText(content) }
