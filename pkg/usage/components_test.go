package usage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
)

// pod is one with limits, and with figures that were taken at a minute.
func pod(id, component string, minute int, cpu, memory int64) Pod {
	limit, memoryLimit := int64(1000), int64(1<<30)
	return Pod{
		ID: id, Component: component, CPULimitMilli: &limit, MemoryLimitBytes: &memoryLimit,
		Figures: &Figures{Taken: time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC), CPUMilli: cpu, MemoryBytes: memory},
	}
}

func with(p Pod, change func(*Pod)) Pod {
	change(&p)
	return p
}

// shown is a component as one line.
func shown(u result.ComponentUse) string {
	or := func(n *int64) string {
		if n == nil {
			return "none"
		}
		return fmt.Sprint(*n)
	}
	return fmt.Sprintf("%s: %d pods, %d looks, cpu %d/%d of %s, memory %d/%d of %s, %d restarts", u.Name, u.Pods, u.CPUMilli.Count(),
		u.CPUMilli.Mean(), u.CPUMilli.Max(), or(u.CPULimitMilli), u.MemoryBytes.Mean(), u.MemoryBytes.Max(), or(u.MemoryLimitBytes), u.Restarts)
}

func TestPodsAreAddedUpByComponent(t *testing.T) {
	noLimit := func(p *Pod) { p.CPULimitMilli = nil }
	restarted := func(n int) func(*Pod) { return func(p *Pod) { p.Restarts = n } }
	noFigures := func(p *Pod) { p.Figures = nil }
	for name, test := range map[string]struct {
		looks [][]Pod
		want  []string
		why   string
	}{
		"two of one, one of another": {
			[][]Pod{
				{pod("a", "api", 0, 1, 1), pod("b", "api", 0, 1, 1), pod("c", "db", 0, 1, 1)},
				{pod("a", "api", 1, 100, 10), pod("b", "api", 1, 200, 20), pod("c", "db", 1, 5, 7)},
				{pod("a", "api", 2, 300, 10), pod("b", "api", 2, 400, 30), pod("c", "db", 2, 15, 7)},
			},
			[]string{
				"api: 2 pods, 2 looks, cpu 500/700 of 2000, memory 35/40 of 2147483648, 0 restarts",
				"db: 1 pods, 2 looks, cpu 10/15 of 1000, memory 7/7 of 1073741824, 0 restarts",
			}, "",
		},
		"what was measured before the run does not count": {
			[][]Pod{{pod("a", "api", 0, 900, 1)}, {pod("a", "api", 0, 900, 1)}},
			[]string{"api: 1 pods, 0 looks, cpu 0/0 of 1000, memory 0/0 of 1073741824, 0 restarts"},
			"no figure of the time of the run",
		},
		"nor does a sum with a part of that time": {
			[][]Pod{{pod("a", "api", 0, 900, 1), pod("b", "api", 0, 9, 1)}, {pod("a", "api", 1, 1, 1), pod("b", "api", 0, 9, 1)},
				{pod("a", "api", 1, 1, 1), pod("b", "api", 1, 2, 1)}},
			[]string{"api: 2 pods, 1 looks, cpu 3/3 of 2000, memory 2/2 of 2147483648, 0 restarts"}, "",
		},
		"a limit that one does not have is none": {
			[][]Pod{{pod("a", "api", 0, 1, 1), with(pod("b", "api", 0, 1, 1), noLimit)}, {pod("a", "api", 1, 1, 1), with(pod("b", "api", 1, 1, 1), noLimit)}},
			[]string{"api: 2 pods, 1 looks, cpu 2/2 of none, memory 2/2 of 2147483648, 0 restarts"}, "",
		},
		"restarts meanwhile, and those of a pod that came, and of one that went": {
			[][]Pod{
				{with(pod("a", "api", 0, 1, 1), restarted(7)), with(pod("b", "api", 0, 1, 1), restarted(1))},
				{with(pod("a", "api", 1, 1, 1), restarted(8)), with(pod("b", "api", 1, 1, 1), restarted(4))},
				{with(pod("a", "api", 2, 1, 1), restarted(8)), with(pod("c", "api", 2, 1, 1), restarted(2))},
			},
			[]string{"api: 2 pods, 2 looks, cpu 2/2 of 2000, memory 2/2 of 2147483648, 6 restarts"}, "",
		},
		"the most pods, and their limits": {
			[][]Pod{{pod("a", "api", 0, 1, 1)}, {pod("a", "api", 1, 1, 1), pod("b", "api", 1, 1, 1), pod("c", "api", 1, 1, 1)}, {pod("a", "api", 2, 1, 1)}},
			[]string{"api: 3 pods, 2 looks, cpu 2/3 of 3000, memory 2/3 of 3221225472, 0 restarts"}, "",
		},
		"a pod of which nothing is known yet": {
			[][]Pod{{pod("a", "api", 0, 1, 1), with(pod("b", "api", 0, 1, 1), noFigures)}, {pod("a", "api", 1, 4, 1), with(pod("b", "api", 0, 1, 1), noFigures)}},
			[]string{"api: 2 pods, 1 looks, cpu 4/4 of 2000, memory 1/1 of 2147483648, 0 restarts"}, "",
		},
		"no pods": {[][]Pod{{}, {}}, nil, ""},
		"no look": {nil, nil, ""},
	} {
		var c components
		for i, pods := range test.looks {
			c.look(time.Duration(i)*podsInterval, pods)
		}
		all, gaps := c.result()
		var got []string
		for _, u := range all {
			got = append(got, shown(u))
		}
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
		why := ""
		for _, gap := range gaps {
			why += gap.What + " " + gap.Why
		}
		if (why == "") != (test.why == "") || !strings.Contains(why, test.why) {
			t.Errorf("%s: gaps %+v, want %q", name, gaps, test.why)
		}
	}
}

func TestComponentsAreBounded(t *testing.T) {
	var pods []Pod
	for i := range 150 {
		pods = append(pods, pod(fmt.Sprint(i), fmt.Sprintf("c%03d", i), 0, 1, 1))
	}
	var c components
	c.look(0, pods)
	all, gaps := c.result()
	if len(all) != 100 || all[99].Name != "c099" {
		t.Errorf("%d components", len(all))
	}
	if len(gaps) != 2 || gaps[1].What != "resources.components" || !strings.Contains(gaps[1].Why, "first 100 of 150") {
		t.Errorf("gaps %+v", gaps)
	}
}
