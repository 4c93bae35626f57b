package usage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// busy is a process that uses a share of a processor, and more memory with every second.
func busy(share float64, fails func(look int) bool) func() (own, error) {
	limit := int64(1 << 30)
	return func() (own, error) {
		began, looks := time.Now(), 0
		return own{cpuLimitMilli: 1500, memoryLimitBytes: &limit, cpus: 2, look: func() (reading, error) {
			looks++
			if fails(looks) {
				return reading{}, errors.New("no such\x1b[31m process")
			}
			passed := time.Since(began)
			held := passed / 10
			return reading{
				cpu:         time.Hour + time.Duration(share*float64(passed)),
				memoryBytes: int64(1000 * (1 + passed/time.Second)), throttled: &held,
			}, nil
		}}, nil
	}
}

func never(int) bool { return false }

// worked is what is seen of this process during some work.
func worked(t *testing.T, self func() (own, error), work time.Duration) Seen {
	t.Helper()
	w := Watch{NoCounts: "no", Cluster: Cluster{Absent: "no"}, self: self}
	return w.During(t.Context(), time.Now(), w.Tally(t.Context()), func() { time.Sleep(work) })
}

func TestAProcessIsLookedAtEverySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		use := worked(t, busy(0.25, never), 10*time.Second+300*time.Millisecond).Resources.Worker
		if use == nil {
			t.Fatal("nothing was seen")
		}
		if use.CPUMilli.Count() != 10 || use.CPUMilli.Mean() != 250 || use.CPUMilli.Max() != 250 {
			t.Errorf("%d looks, mean %d, max %d", use.CPUMilli.Count(), use.CPUMilli.Mean(), use.CPUMilli.Max())
		}
		if use.MemoryBytes.Count() != 12 || use.MemoryBytes.Max() != 11000 {
			t.Errorf("memory: %d looks, max %d", use.MemoryBytes.Count(), use.MemoryBytes.Max())
		}
		if use.CPUSeconds != 2.575 || use.ThrottledSeconds == nil || *use.ThrottledSeconds != 1.03 {
			t.Errorf("%v s of processor time, throttled for %v", use.CPUSeconds, *use.ThrottledSeconds)
		}
		if use.CPULimitMilli != 1500 || *use.MemoryLimitBytes != 1<<30 || use.CPUs != 2 {
			t.Errorf("limits %+v", use)
		}
	})
}

// The kernel counts processor time in steps, which make any rate of a moment.
func TestARateOfAMomentIsNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		steps := func() (own, error) {
			began := time.Now()
			return own{look: func() (reading, error) {
				return reading{cpu: time.Since(began).Round(10 * time.Millisecond)}, nil
			}}, nil
		}
		use := worked(t, steps, 3*time.Second+5*time.Millisecond).Resources.Worker
		if use.CPUMilli.Max() != 1000 || use.CPUMilli.Count() != 3 || use.CPUSeconds != 3.01 {
			t.Errorf("max %d of %d, %v s", use.CPUMilli.Max(), use.CPUMilli.Count(), use.CPUSeconds)
		}
		if use = worked(t, steps, 5*time.Millisecond).Resources.Worker; !use.CPUMilli.IsZero() || use.CPUSeconds != 0.01 {
			t.Errorf("%d rates of a run of 5 ms, %v s", use.CPUMilli.Count(), use.CPUSeconds)
		}
	})
}

func TestAProcessThatCannotBeLookedAtIsAGap(t *testing.T) {
	for name, test := range map[string]struct {
		self  func() (own, error)
		why   string
		found bool
	}{
		"none":     {func() (own, error) { return own{}, errors.New("no such process") }, "no such process", false},
		"at first": {busy(0.25, func(look int) bool { return look == 1 }), "no such [31m process", false},
		"now and then": {busy(0.25, func(look int) bool { return look == 3 || look == 4 }),
			"2 of 6 looks failed, the first because no such [31m process", true},
	} {
		synctest.Test(t, func(t *testing.T) {
			seen := worked(t, test.self, 5*time.Second+700*time.Millisecond)
			if gap := gapOf(seen, whatWorker); gap != test.why {
				t.Errorf("%s: the gap says %q, want %q", name, gap, test.why)
			}
			use := seen.Resources.Worker
			if (use != nil) != test.found {
				t.Fatalf("%s: seen is %+v", name, use)
			}
			if use != nil && (use.CPUMilli.Mean() != 250 || use.CPUSeconds != 1.425) {
				t.Errorf("%s: mean %d, %v s", name, use.CPUMilli.Mean(), use.CPUSeconds)
			}
		})
	}
}

func TestThrottlingThatNobodyCountsIsNotNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		self := func() (own, error) { return own{look: func() (reading, error) { return reading{}, nil }}, nil }
		if use := worked(t, self, 2*time.Second).Resources.Worker; use.ThrottledSeconds != nil || use.MemoryLimitBytes != nil {
			t.Errorf("seen is %+v", use)
		}
	})
}

// gapOf returns why something is missing, empty when it is not.
func gapOf(seen Seen, what string) string {
	var whys []string
	for _, gap := range seen.Gaps {
		if gap.What == what {
			whys = append(whys, gap.Why)
		}
	}
	return strings.Join(whys, "; ")
}

// quiet is a cluster of which only the pods are of interest.
func quiet(pods func(context.Context) ([]Pod, []result.Gap)) Cluster {
	return Cluster{Pods: pods, Describe: func(context.Context) (result.Environment, []result.Gap) {
		return result.Environment{Kubernetes: "v1.37.2"}, nil
	}}
}
