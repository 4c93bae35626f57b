package usage

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// counting is a server that counts a request of a run's with every second.
func counting(w *Watch, fails func(time.Duration) error) {
	began := time.Now()
	w.Counts = func(ctx context.Context) (string, error) {
		if err := fails(time.Since(began)); err != nil {
			return "", err
		}
		return exposed(1+int(time.Since(began)/time.Second), 1, 1, "1", "1", "1"), ctx.Err()
	}
}

func succeeds(time.Duration) error { return nil }

func TestARunIsWatchedFromItsStartToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Watch{self: busy(0.5, never)}
		counting(&w, succeeds)
		minute := 0
		w.Cluster = quiet(func(context.Context) ([]Pod, []result.Gap) {
			minute++
			return []Pod{pod("a", "ml-pipeline", minute, int64(100*minute), 1)}, nil
		})
		before := w.Tally(t.Context())
		time.Sleep(time.Second) // a look at the counts may take a while before the start
		seen := w.During(t.Context(), time.Now(), before, func() { time.Sleep(40 * time.Second) })
		if len(seen.Gaps) != 0 {
			t.Errorf("gaps %+v", seen.Gaps)
		}
		if seen.Environment.Kubernetes != "v1.37.2" || seen.Resources.Worker.CPUSeconds != 20 {
			t.Errorf("environment %+v, worker %+v", seen.Environment, seen.Resources.Worker)
		}
		if len(seen.ServerCounts) != 1 || seen.ServerCounts[0].Count != 41 {
			t.Errorf("counts %+v", seen.ServerCounts)
		}
		// Looks at 0, 15 and 30 s, and at the end; the first shows the time before the run.
		if want := "ml-pipeline: 1 pods, 3 looks, cpu 300/400 of 1000, memory 1/1 of 1073741824, 0 restarts"; len(seen.Resources.Components) != 1 ||
			shown(seen.Resources.Components[0]) != want {
			t.Errorf("components %+v, want %s", seen.Resources.Components, want)
		}
	})
}

func TestWhatIsNotThereIsAGapEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Watch{NoCounts: "there is no server", Cluster: Cluster{Absent: "there is no cluster"}, self: busy(1, never)}
		seen := w.During(t.Context(), time.Now(), w.Tally(t.Context()), func() { time.Sleep(time.Second) })
		want := []result.Gap{
			{What: "environment.kubernetes, environment.nodes, resources.components", Why: "there is no cluster"},
			{What: "serverCounts", Why: "there is no server"},
		}
		if !slices.Equal(seen.Gaps, want) || seen.Resources.Components != nil || seen.ServerCounts != nil {
			t.Errorf("seen %+v", seen)
		}
	})
}

func TestServerCountsThatCannotBeAskedForAreAGap(t *testing.T) {
	for name, test := range map[string]struct {
		fails func(time.Duration) error
		calls int
	}{
		"before": {func(time.Duration) error { return errors.New("HTTP 404: not\there") }, 1},
		"after": {func(at time.Duration) error {
			if at > 0 {
				return errors.New("HTTP 404: not\there")
			}
			return nil
		}, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := Watch{Cluster: Cluster{Absent: "-"}, self: busy(1, never)}
			calls := 0
			counting(&w, func(at time.Duration) error {
				calls++
				return test.fails(at)
			})
			seen := w.During(t.Context(), time.Now(), w.Tally(t.Context()), func() { time.Sleep(time.Minute) })
			if want := "KFP's API server did not tell its counts: HTTP 404: not here"; gapOf(seen, whatCounts) != want || seen.ServerCounts != nil {
				t.Errorf("%s: gap %q, counts %+v", name, gapOf(seen, whatCounts), seen.ServerCounts)
			}
			if calls != test.calls {
				t.Errorf("%s: asked %d times", name, calls)
			}
		})
	}
}

func TestCountsOfOneOfSeveralServersAreNotAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Watch{self: busy(1, never)}
		counting(&w, succeeds)
		w.Cluster = quiet(func(context.Context) ([]Pod, []result.Gap) {
			return []Pod{pod("a", "ml-pipeline", 0, 1, 1), pod("b", "ml-pipeline", 0, 1, 1), pod("c", "mysql", 0, 1, 1)}, nil
		})
		seen := w.During(t.Context(), time.Now(), w.Tally(t.Context()), func() { time.Sleep(time.Second) })
		if gap := gapOf(seen, whatCounts); !strings.Contains(gap, "one of the 2 pods of ml-pipeline") || len(seen.ServerCounts) == 0 {
			t.Errorf("gap %q, counts %+v", gap, seen.ServerCounts)
		}
	})
}

func TestAServerThatHangsDelaysARunByTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Watch{Cluster: Cluster{Absent: "-"}, self: busy(1, never), Counts: func(ctx context.Context) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		}}
		start := time.Now()
		before := w.Tally(t.Context())
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("it took %s", took)
		}
		start = time.Now()
		seen := w.During(t.Context(), start, before, func() { time.Sleep(time.Minute) })
		if took := time.Since(start); took != time.Minute || gapOf(seen, whatCounts) == "" {
			t.Errorf("it took %s; gaps %+v", took, seen.Gaps)
		}
	})
}

// A cluster that does not answer holds up neither the work nor, for long, its end.
func TestAClusterThatHangsDelaysOnlyTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var under atomic.Int32
		hangs := func(ctx context.Context) {
			under.Add(1)
			defer under.Add(-1)
			<-ctx.Done()
		}
		w := Watch{NoCounts: "-", self: busy(1, never), Cluster: Cluster{
			Pods: func(ctx context.Context) ([]Pod, []result.Gap) {
				hangs(ctx)
				return nil, []result.Gap{{What: WhatPods, Why: "it hung"}}
			},
			Describe: func(ctx context.Context) (result.Environment, []result.Gap) {
				hangs(ctx)
				return result.Environment{}, []result.Gap{{What: WhatNodes, Why: "it hung"}}
			},
		}}
		start := time.Now()
		var worked time.Duration
		seen := w.During(t.Context(), start, w.Tally(t.Context()), func() {
			time.Sleep(20 * time.Second)
			worked = time.Since(start)
		})
		if took := time.Since(start); worked != 20*time.Second || took != 22*time.Second {
			t.Errorf("the work took %s, all %s", worked, took)
		}
		if gapOf(seen, WhatPods) != "it hung" || gapOf(seen, WhatNodes) != "it hung" {
			t.Errorf("gaps %+v", seen.Gaps)
		}
		if n := under.Load(); n != 0 {
			t.Errorf("%d calls go on", n)
		}
	})
}

func TestACancelledRunIsWatchedToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := Watch{self: busy(1, never)}
		counting(&w, succeeds)
		w.Cluster = quiet(func(ctx context.Context) ([]Pod, []result.Gap) {
			if ctx.Err() != nil {
				t.Error("the cluster is asked in vain")
			}
			return nil, nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		seen := w.During(ctx, time.Now(), w.Tally(t.Context()), func() {
			time.Sleep(2 * time.Second)
			cancel()
			time.Sleep(18 * time.Second) // what is under way gets a moment to end
		})
		if seen.Resources.Worker.CPUSeconds != 20 || len(seen.ServerCounts) != 1 || seen.ServerCounts[0].Count != 20 || len(seen.Gaps) != 0 {
			t.Errorf("worker %+v, counts %+v, gaps %+v", seen.Resources.Worker, seen.ServerCounts, seen.Gaps)
		}
	})
}

func TestLooksAtPodsThatFailAreCounted(t *testing.T) {
	for name, test := range map[string]struct {
		fails func(look int) []result.Gap
		want  map[string]string
		looks int
	}{
		"none": {func(int) []result.Gap { return nil }, map[string]string{}, 5},
		"all": {func(int) []result.Gap { return []result.Gap{{What: WhatPods, Why: "forbidden"}} },
			map[string]string{WhatPods: "forbidden"}, 4},
		"some": {func(look int) []result.Gap {
			if look == 2 || look == 3 {
				return []result.Gap{{What: WhatPods, Why: "an outage"}}
			}
			return nil
		}, map[string]string{WhatPods: "2 of 5 looks failed, the first because an outage"}, 5},
		"the figures": {func(int) []result.Gap { return []result.Gap{{What: WhatFigures, Why: "no metrics-server"}} },
			map[string]string{WhatFigures: "no metrics-server"}, 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			looks := 0
			w := Watch{NoCounts: "-", self: busy(1, never)}
			w.Cluster = quiet(func(context.Context) ([]Pod, []result.Gap) {
				looks++
				gaps := test.fails(looks)
				for _, gap := range gaps {
					if gap.What == WhatFigures {
						p := pod("a", "mysql", 0, 1, 1)
						p.Figures = nil
						return []Pod{p}, gaps
					}
				}
				if gaps != nil {
					return nil, gaps
				}
				return []Pod{pod("a", "mysql", looks, 1, 1)}, nil
			})
			seen := w.During(t.Context(), time.Now(), w.Tally(t.Context()), func() { time.Sleep(50 * time.Second) })
			for _, what := range []string{WhatPods, WhatFigures} {
				if got := gapOf(seen, what); got != test.want[what] {
					t.Errorf("%s: gap of %s is %q, want %q", name, what, got, test.want[what])
				}
			}
			if looks != test.looks {
				t.Errorf("%s: %d looks, want %d", name, looks, test.looks)
			}
		})
	}
}

func TestALookThatTheEndCutsOffSaysNothingOfTheCluster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		w := Watch{NoCounts: "-", self: busy(1, never)}
		w.Cluster = quiet(func(ctx context.Context) ([]Pod, []result.Gap) {
			if looks++; looks == 2 {
				<-ctx.Done()
				return nil, []result.Gap{{What: WhatPods, Why: "cut off"}}
			}
			return []Pod{pod("a", "mysql", looks, 1, 1)}, nil
		})
		seen := w.During(t.Context(), time.Now(), w.Tally(t.Context()), func() { time.Sleep(16 * time.Second) })
		if gapOf(seen, WhatPods) != "" || len(seen.Resources.Components) != 1 {
			t.Errorf("seen %+v", seen)
		}
	})
}
