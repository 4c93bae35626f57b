package cli

import "testing"

func TestASpeedIsAFactor(t *testing.T) {
	for text, want := range map[string]string{"60x": "60x", "1.5": "1.5x", "1x": "1x", "1000x": "1000x"} {
		var s speed
		if err := s.Set(text); err != nil || s.String() != want {
			t.Errorf("%s: %s, %v", text, s.String(), err)
		}
	}
	for _, text := range []string{"", "x", "0x", "0.5x", "-60x", "NaN", "Inf", "1001x", "60xx", "fast"} {
		var s speed
		if err := s.Set(text); err == nil {
			t.Errorf("%q is taken for %s", text, s.String())
		}
	}
}
