package load

import (
	"math"
	"slices"
	"testing"
	"time"
)

// offsets returns what a pacer yields.
func offsets(p Pacer) []time.Duration {
	var all []time.Duration
	for offset := range p.Offsets() {
		all = append(all, offset)
	}
	return all
}

func TestBurstIsDueAtOnce(t *testing.T) {
	if got := offsets(Burst(3)); !slices.Equal(got, []time.Duration{0, 0, 0}) {
		t.Errorf("%v", got)
	}
	if got := offsets(Burst(0)); len(got) != 0 {
		t.Errorf("a burst of none has slots: %v", got)
	}
}

func TestConstantArrivalsAreEvenlySpaced(t *testing.T) {
	got := offsets(Constant(Steady(5, 2*time.Second)))
	if len(got) != 10 {
		t.Fatalf("%d slots in 2 s at 5/s", len(got))
	}
	for i, offset := range got {
		if want := time.Duration(i) * 200 * time.Millisecond; offset != want {
			t.Errorf("slot %d is due at %v, want %v", i, offset, want)
		}
	}
}

func TestNothingAddsUpOverHours(t *testing.T) {
	const hours = 10
	last := time.Duration(0)
	n := 0
	for offset := range Constant(Steady(7, hours*time.Hour)).Offsets() {
		last = offset
		n++
	}
	if n != 7*3600*hours {
		t.Errorf("%d slots", n)
	}
	want := time.Duration(float64(n-1) / 7 * float64(time.Second))
	if diff := (last - want).Abs(); diff > time.Microsecond {
		t.Errorf("the last slot is %v away from where it belongs", diff)
	}
}

// Rates a minute, and decimal ones, have no exact floating-point number: their products with times may be a
// little too large, and a slot too many would be due at the end.
func TestRoundingMakesNoSlot(t *testing.T) {
	for _, test := range []struct {
		rate    float64
		minutes int
		want    int
	}{{23.0 / 60, 5, 115}, {23.0 / 60, 10, 230}, {1.1, 6, 396}, {3.0 / 3600, 1240, 62}, {1.0 / 3, 1, 20}} {
		length := time.Duration(test.minutes) * time.Minute
		whole := Constant(Steady(test.rate, length))
		halves := Constant(Profile{{length / 2, test.rate, test.rate}, {length / 2, test.rate, test.rate}})
		for _, pacer := range []Constant{whole, halves} {
			if got := offsets(pacer); len(got) != test.want || !slices.IsSorted(got) {
				t.Errorf("%d slots in %d min at %v/s, want %d", len(got), test.minutes, test.rate, test.want)
			}
			if got := pacer.Rest(-1, 0); got != test.want {
				t.Errorf("%d slots are counted in %d min at %v/s, want %d", got, test.minutes, test.rate, test.want)
			}
		}
	}
}

func TestRampsFollowTheirArea(t *testing.T) {
	for _, test := range []struct {
		name    string
		profile Profile
		slots   int
		// at are times at which so many slots are due or past.
		at map[time.Duration]int
	}{
		{"up", Profile{{10 * time.Second, 0, 10}}, 50, map[time.Duration]int{5 * time.Second: 13, 10 * time.Second: 50}},
		{"down", Profile{{10 * time.Second, 10, 0}}, 50, map[time.Duration]int{5 * time.Second: 38, 10 * time.Second: 50}},
		{"up, hold, stop", Profile{{10 * time.Second, 0, 10}, {10 * time.Second, 10, 10}, {5 * time.Second, 0, 0}, {time.Second, 10, 10}},
			160, map[time.Duration]int{20*time.Second - 1: 150, 24 * time.Second: 150, 25 * time.Second: 151}},
		{"nothing", Profile{{time.Minute, 0, 0}}, 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := offsets(Constant(test.profile))
			if len(got) != test.slots || !slices.IsSorted(got) {
				t.Fatalf("%d slots, want %d: %v", len(got), test.slots, got)
			}
			for at, want := range test.at {
				if n := len(slices.DeleteFunc(slices.Clone(got), func(o time.Duration) bool { return o > at })); n != want {
					t.Errorf("%d slots until %v, want %d", n, at, want)
				}
			}
			if len(got) > 0 && got[len(got)-1] > test.profile.Length() {
				t.Errorf("the last slot is due at %v, after the end", got[len(got)-1])
			}
		})
	}
}

func TestPoissonArrivalsDependOnTheSeedAlone(t *testing.T) {
	rate := Steady(100, 100*time.Second)
	first := offsets(Poisson{rate, 42})
	if !slices.Equal(first, offsets(Poisson{rate, 42})) {
		t.Error("the same seed gives another schedule")
	}
	if slices.Equal(first, offsets(Poisson{rate, 43})) {
		t.Error("another seed gives the same schedule")
	}
	if !slices.IsSorted(first) {
		t.Error("offsets decrease")
	}
	// The number of arrivals has mean 10,000 and standard deviation 100; gaps have mean and deviation 10 ms.
	if n := len(first); n < 9500 || n > 10500 {
		t.Errorf("%d arrivals", n)
	}
	var sum, squares float64
	for i := 1; i < len(first); i++ {
		gap := (first[i] - first[i-1]).Seconds()
		sum += gap
		squares += gap * gap
	}
	mean := sum / float64(len(first)-1)
	deviation := math.Sqrt(squares/float64(len(first)-1) - mean*mean)
	if math.Abs(mean-0.01) > 0.0005 || math.Abs(deviation-0.01) > 0.0005 {
		t.Errorf("gaps have mean %.4f s and deviation %.4f s", mean, deviation)
	}
}

func FuzzProfile(f *testing.F) {
	f.Add(int64(time.Minute), 0.0, 10.0, int64(time.Second), 10.0, 3.0)
	f.Add(int64(1), 1e-9, 1e9, int64(time.Hour), 0.0, 0.0)
	f.Fuzz(func(t *testing.T, first int64, a, b float64, second int64, c, d float64) {
		for _, figure := range []float64{a, b, c, d} {
			if !(figure >= 0 && figure <= 1e6) {
				t.Skip("no figure that a scenario may hold")
			}
		}
		if first <= 0 || second <= 0 || first > int64(24*time.Hour) || second > int64(24*time.Hour) {
			t.Skip("no duration that a scenario may hold")
		}
		p := Profile{{time.Duration(first), a, b}, {time.Duration(second), c, d}}
		last := time.Duration(0)
		n := 0
		for offset := range Constant(p).Offsets() {
			if offset < last || offset > p.Length() {
				t.Fatalf("slot %d is due at %v, after %v, of %v", n, offset, last, p.Length())
			}
			last = offset
			if n++; n > 1000 {
				break
			}
		}
		for at, steps := time.Duration(0), 0; at < p.Length() && steps < 1000; steps++ {
			next := p.change(at)
			if next <= at {
				t.Fatalf("the change after %v is at %v", at, next)
			}
			at = next
		}
	})
}
