package scenario

import (
	"encoding/json"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// MarshalJSON writes a duration in a string, or a number of pieces of work.
func (w WarmUp) MarshalJSON() ([]byte, error) {
	if w.Time > 0 {
		return json.Marshal(w.Time)
	}
	return json.Marshal(w.Count)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *WarmUp) UnmarshalJSON(text []byte) error {
	*w = WarmUp{}
	if err := json.Unmarshal(text, &w.Count); err == nil {
		return nil
	}
	if err := json.Unmarshal(text, &w.Time); err != nil {
		return fmt.Errorf("decoding warm-up: %w", err)
	}
	return nil
}

// warmUp reads what is not counted: a number is one of pieces of work, not of minutes.
func (r *reader) warmUp(node *yaml.Node) *WarmUp {
	if node == nil || node.Kind == 0 {
		return nil
	}
	if isNumber(node) {
		if n := r.whole("a warmUp that is a number", node, 1, maxTimes); n > 0 {
			return &WarmUp{Count: n}
		}
		return nil
	}
	const expected = `a duration such as "30s", or a whole number of pieces of work`
	d, ok := r.duration(fieldWarmUp, node, expected)
	if ok && d <= 0 {
		r.fault(node, "warmUp is %s; expected %s", describe(node), expected)
	}
	if !ok || d <= 0 {
		return nil
	}
	return &WarmUp{Time: Duration(d)}
}

// checkWarmUp refuses a warm-up that leaves nothing to count.
func (r *reader) checkWarmUp(e Entry, node *yaml.Node) {
	switch {
	case e.WarmUp == nil:
	case e.RunTime > 0 && e.WarmUp.Time >= e.RunTime:
		r.fault(node, "warmUp lasts as long as runTime (%v) or longer, so that nothing would be counted; shorten it", time.Duration(e.RunTime))
	case e.Mode == RandomGets && e.Load == nil: // numTimes is of clients, each of which does many pieces of work
	case e.NumTimes > 0 && e.WarmUp.Count >= e.NumTimes:
		r.fault(node, "warmUp is %d of %d pieces of work, so that nothing would be counted; lower it", e.WarmUp.Count, e.NumTimes)
	}
}
