package workload

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// at0 is a full minute.
func at0() time.Time { return time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC) }

func TestTicksAreThoseOfTheController(t *testing.T) {
	created, stopped := at0().Add(7*time.Second), at0().Add(3*time.Minute)
	for _, test := range []struct {
		cron string
		want []int // seconds after the full minute
	}{
		{"0 */1 * * * *", []int{60, 120, 180}},
		{"30 * * * * *", []int{30, 90, 150}},
		{"0 5 * * * *", []int{60}},
		{"0 0 4 * * *", nil},
		{"@every 50s", []int{57, 107, 157}},
	} {
		ticks, err := ticksOf(test.cron, created, stopped)
		if err != nil {
			t.Errorf("%s: %v", test.cron, err)
		}
		var got []int
		for _, tick := range ticks {
			got = append(got, int(tick.Sub(at0()).Seconds()))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s is due after %v, want %v", test.cron, got, test.want)
		}
	}
}

func TestTicksHaveBounds(t *testing.T) {
	if _, err := ticksOf("no schedule", at0(), at0()); err == nil {
		t.Error("no schedule has ticks")
	}
	ticks, err := ticksOf("* * * * * *", at0(), at0().Add(1000*time.Hour))
	if len(ticks) != maxTicks || err == nil || !strings.Contains(err.Error(), "more than 100000 ticks") {
		t.Errorf("%d ticks, %v", len(ticks), err)
	}
}

func TestMatchTicks(t *testing.T) {
	// made is a run of the tick after so many seconds, created after so many; a tick of -1 is not told.
	type made struct{ tick, created int }
	for _, test := range []struct {
		name    string
		ticks   []int
		from    int
		stopped int
		runs    []made
		warm    int // how many of the runs are of the warm-up
		want    result.Schedule
		matched []int // the ticks that the runs have then, -1 for none
	}{
		{
			"on time", []int{0, 60, 120}, 0, 180, []made{{0, 1}, {60, 70}, {120, 124}}, 0,
			result.Schedule{Expected: 3}, []int{0, 60, 120},
		},
		{
			"late by more than ten seconds", []int{0, 60}, 0, 180, []made{{0, 11}, {60, 70}}, 0,
			result.Schedule{Expected: 2, Late: 1}, []int{0, 60},
		},
		{
			"missed", []int{0, 60, 120}, 0, 180, []made{{0, 1}, {120, 121}}, 0,
			result.Schedule{Expected: 3, Missed: 1}, []int{0, 120},
		},
		{
			"missed right before the end", []int{0, 60}, 0, 69, []made{{0, 1}}, 0,
			result.Schedule{Expected: 1}, []int{0},
		},
		{
			"missed ten seconds before the end", []int{0, 60}, 0, 70, []made{{0, 1}}, 0,
			result.Schedule{Expected: 2, Missed: 1}, []int{0},
		},
		{
			"fired right before the end", []int{0, 60}, 0, 61, []made{{0, 1}, {60, 61}}, 0,
			result.Schedule{Expected: 2}, []int{0, 60},
		},
		{
			"double", []int{0, 60}, 0, 180, []made{{0, 1}, {0, 2}, {60, 61}}, 0,
			result.Schedule{Expected: 2, Double: 1}, []int{0, 0, 60},
		},
		{
			"none fired", []int{0, 60}, 0, 180, nil, 0,
			result.Schedule{Expected: 2, Missed: 2}, nil,
		},
		{
			"no ticks are told", []int{0, 60, 120}, 0, 180, []made{{-1, 3}, {-1, 62}, {-1, 140}}, 0,
			result.Schedule{Expected: 3, Late: 1}, []int{0, 60, 120},
		},
		{
			"a tick that is not told, and one that is", []int{0, 60, 120}, 0, 180, []made{{0, 3}, {-1, 62}, {120, 121}}, 0,
			result.Schedule{Expected: 3}, []int{0, 60, 120},
		},
		{
			"a run of no tick", []int{60}, 0, 180, []made{{-1, 3}, {60, 61}}, 0,
			result.Schedule{Expected: 1}, []int{-1, 60},
		},
		{
			"a tick that the schedule does not have", []int{0, 60}, 0, 180, []made{{30, 31}, {60, 61}}, 0,
			result.Schedule{Expected: 2, Late: 1}, []int{0, 60},
		},
		{
			"a warm-up by time", []int{0, 60, 120}, 60, 180, []made{{60, 61}, {120, 121}}, 0,
			result.Schedule{Expected: 2}, []int{60, 120},
		},
		{
			"a late run of the warm-up", []int{0, 60}, 60, 180, []made{{0, 45}, {60, 61}}, 1,
			result.Schedule{Expected: 1}, []int{0, 60},
		},
		{
			"a warm-up by count", []int{0, 60, 120, 180}, 0, 240, []made{{0, 1}, {120, 121}, {180, 181}}, 2,
			result.Schedule{Expected: 1}, []int{0, 120, 180},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			after := func(seconds int) time.Time {
				if seconds < 0 {
					return time.Time{}
				}
				return at0().Add(time.Duration(seconds) * time.Second)
			}
			var ticks []time.Time
			for _, tick := range test.ticks {
				ticks = append(ticks, after(tick))
			}
			var runs []*result.Run
			for i, r := range test.runs {
				runs = append(runs, &result.Run{Tick: after(r.tick), ServerCreated: after(r.created), WarmUp: i < test.warm})
			}
			var sum result.Schedule
			matchTicks(&sum, ticks, after(test.from), after(test.stopped), runs)
			if sum != test.want {
				t.Errorf("%+v, want %+v", sum, test.want)
			}
			for i, want := range test.matched {
				if !runs[i].Tick.Equal(after(want)) {
					t.Errorf("run %d is of %v, want %v", i, runs[i].Tick, after(want))
				}
			}
		})
	}
}
