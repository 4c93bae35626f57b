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

// MarshalJSON implements json.Marshaler.
func (t stamp) MarshalJSON() ([]byte, error) {
	content := append(make([]byte, 0, len(time.RFC3339)), '"')
	content = time.Time(t).UTC().Truncate(time.Second).AppendFormat(content, time.RFC3339)
	return append(content, '"'), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *stamp) UnmarshalJSON(content []byte) error {
	var read time.Time
	if err := read.UnmarshalJSON(content); err != nil {
		return err
	}
	*t = stamp(read)
	return nil
}
