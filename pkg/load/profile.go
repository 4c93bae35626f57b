package load

import (
	"math"
	"time"
)

// Stage is a stretch of time over which a figure changes linearly.
type Stage struct {
	// For is how long the stage lasts.
	For time.Duration
	// From and To are the figure at its two ends: slots a second, or clients. Neither is negative.
	From, To float64
}

// Profile is a figure over time, stage after stage.
type Profile []Stage

// Steady returns the profile of a figure that stays the same.
func Steady(figure float64, duration time.Duration) Profile {
	return Profile{{For: duration, From: figure, To: figure}}
}

// Length returns how long the profile lasts.
func (p Profile) Length() time.Duration {
	var sum time.Duration
	for _, s := range p {
		sum += s.For
	}
	return sum
}

// when returns how long it takes until the rates of the profile have let an amount of slots pass; false
// when they never do. Of a profile's own total it is false, too: the slot after the last is due no more.
func (p Profile) when(amount float64) (time.Duration, bool) {
	var before time.Duration
	for _, s := range p {
		area := s.area()
		if amount < area-tolerance(area) {
			return before + s.when(amount), true
		}
		amount -= area
		before += s.For
	}
	return 0, false
}

// area is how many slots the stage lets pass.
func (s Stage) area() float64 { return (s.From + s.To) / 2 * s.For.Seconds() }

// tolerance is how far an area may be off by rounding: 23 a minute are 115 slots in five minutes, and the
// product of the two is a little more.
func tolerance(area float64) float64 { return area * 1e-12 }

// passed returns how many slots the rates of the profile let pass until a time.
func (p Profile) passed(elapsed time.Duration) float64 {
	sum := 0.0
	for _, s := range p {
		if elapsed < s.For {
			return sum + Stage{max(elapsed, 0), s.From, s.figure(max(elapsed, 0))}.area()
		}
		sum += s.area()
		elapsed -= s.For
	}
	return sum
}

// when solves From·t + (To−From)·t²/(2·For) = amount for t, in the form that loses no digits when From and
// To are close.
func (s Stage) when(amount float64) time.Duration {
	if amount <= 0 && s.From > 0 {
		return 0
	}
	slope := (s.To - s.From) / s.For.Seconds()
	root := math.Sqrt(math.Max(s.From*s.From+2*slope*amount, 0))
	if s.From+root == 0 {
		return 0
	}
	return min(time.Duration(2*amount/(s.From+root)*float64(time.Second)), s.For)
}

// at returns the figure after a time, rounded to a whole number; 0 beyond the end.
func (p Profile) at(elapsed time.Duration) int {
	for _, s := range p {
		if elapsed < s.For {
			return int(math.Round(s.figure(elapsed)))
		}
		elapsed -= s.For
	}
	return 0
}

func (s Stage) figure(elapsed time.Duration) float64 {
	return s.From + (s.To-s.From)*elapsed.Seconds()/s.For.Seconds()
}

// change returns the next time, after elapsed, at which the rounded figure may be another; the end of the
// profile at the latest.
func (p Profile) change(elapsed time.Duration) time.Duration {
	var before time.Duration
	for _, s := range p {
		if elapsed < before+s.For {
			return before + s.change(elapsed-before)
		}
		before += s.For
	}
	return before
}

// change returns when, within the stage, the figure next crosses a half, which is where it is rounded to
// another number.
func (s Stage) change(elapsed time.Duration) time.Duration {
	if s.From == s.To {
		return s.For
	}
	now := s.figure(elapsed)
	next := math.Floor(now+0.5) + 0.5
	if s.To < s.From {
		next = math.Ceil(now-0.5) - 0.5
	}
	share := (next - s.From) / (s.To - s.From)
	at := time.Duration(math.Ceil(share * float64(s.For)))
	// Never the same instant again, whatever the rounding of the division.
	return min(max(at, elapsed+time.Microsecond), s.For)
}
