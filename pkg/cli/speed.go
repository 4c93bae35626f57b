package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// fastest is the highest speed: beyond it, a second of a schedule is shorter than what a call takes.
const fastest = 1000

// speed is how many times as fast time runs, written "60x". It implements pflag.Value.
type speed float64

// String implements pflag.Value.
func (s *speed) String() string { return strconv.FormatFloat(float64(*s), 'f', -1, 64) + "x" }

// Type implements pflag.Value.
func (s *speed) Type() string { return "factor" }

// Set implements pflag.Value.
func (s *speed) Set(text string) error {
	factor, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	if err != nil || !(factor >= 1 && factor <= fastest) {
		return fmt.Errorf("expected a factor from 1x to %dx, such as 60x", fastest)
	}
	*s = speed(factor)
	return nil
}
