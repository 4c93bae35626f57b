// Package load fires work on a schedule that does not depend on how long the work takes. It refuses to
// know what the work is, to retry it, to slow down for it, and to measure it.
package load

import "time"

// Pacer is a schedule as pure arithmetic: it returns how long after the start slot i (from 0) is due.
// ok is false beyond the last slot; every schedule has one. Offsets never decrease.
type Pacer func(i int) (offset time.Duration, ok bool)

// Burst returns the schedule of n slots that are all due at the start.
func Burst(n int) Pacer {
	return func(i int) (time.Duration, bool) { return 0, i < n }
}
