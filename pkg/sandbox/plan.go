package sandbox

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// taskTime is what a task takes whose pipeline does not say how long it takes.
	taskTime = time.Second
	// driverTime is what KFP's driver takes in front of each task.
	driverTime = 500 * time.Millisecond
	// maxSteps is how many steps are planned. A component that uses itself has no end.
	maxSteps = 10_000
)

// planner works out when the steps of a v2 pipeline begin and end: a task as soon as those that it depends
// on have ended.
type planner struct {
	representation
	sleeps *regexp.Regexp
	steps  []step
}

// plan returns the steps of a run as KFP 2.0.5 calls them, and the time that all take. A run of a package
// whose root is no graph takes its driver's time.
func (r representation) plan() ([]step, time.Duration) {
	p := planner{representation: r, sleeps: regexp.MustCompile(`sleep[\s(]+(\d+(?:\.\d+)?)`)}
	p.add("root-driver", 0)
	p.steps[0].end = driverTime
	p.add("root", driverTime, 0)
	p.steps[1].end = p.graph(r.Root.DAG.Tasks, planned{driverTime, []int{1}}).end
	return p.steps, p.steps[1].end
}

// planned is when something ends, and its last steps: what comes next are their children.
type planned struct {
	end  time.Duration
	last []int
}

// graph plans a graph of tasks behind what comes before it.
func (p *planner) graph(tasks map[string]task, before planned) planned {
	done := map[string]planned{}
	needed := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if _, known := done[name]; known {
			return
		}
		done[name] = planned{end: before.end} // a task that depends on itself depends on nothing
		ready := planned{end: before.end}
		for _, other := range tasks[name].DependentTasks {
			if _, there := tasks[other]; there {
				visit(other)
				ready = planned{max(ready.end, done[other].end), slices.Concat(ready.last, done[other].last)}
				needed[other] = true
			}
		}
		if len(ready.last) == 0 {
			ready.last = before.last
		}
		done[name] = p.task(name, tasks[name], ready)
	}
	whole := planned{end: before.end}
	for _, name := range slices.Sorted(maps.Keys(tasks)) {
		visit(name)
	}
	for _, name := range slices.Sorted(maps.Keys(tasks)) {
		whole.end = max(whole.end, done[name].end)
		if !needed[name] {
			whole.last = append(whole.last, done[name].last...)
		}
	}
	return whole
}

// task plans a task behind what it depends on.
func (p *planner) task(name string, t task, before planned) planned {
	if len(p.steps) >= maxSteps {
		return before
	}
	begin := before.end + driverTime
	does := p.Components[t.ComponentRef.Name]
	driver := p.add(name+"-driver", before.end, before.last...)
	p.steps[driver].end = begin
	place := p.add(name, begin, driver)
	var done planned
	if len(does.DAG.Tasks) > 0 {
		done = p.graph(does.DAG.Tasks, planned{begin, []int{place}})
	} else {
		executor := p.add("executor", begin, place)
		done = planned{begin + p.time(p.DeploymentSpec.Executors[does.ExecutorLabel]), []int{executor}}
		p.steps[executor].end = done.end
	}
	p.steps[place].end = done.end
	return done
}

// add begins a step, of which the others are the parents in Argo's graph, and returns its place.
func (p *planner) add(name string, begin time.Duration, parents ...int) int {
	place := len(p.steps)
	p.steps = append(p.steps, step{name: name, begin: begin})
	for _, parent := range parents {
		p.steps[parent].children = append(p.steps[parent].children, place)
	}
	return place
}

// time returns what a container takes: as long as its command sleeps, when it says so.
func (p *planner) time(e executor) time.Duration {
	said := p.sleeps.FindStringSubmatch(strings.Join(slices.Concat(e.Container.Command, e.Container.Args), " "))
	if said == nil {
		return taskTime
	}
	pause, err := time.ParseDuration(said[1] + "s")
	if err != nil {
		return taskTime
	}
	return pause
}
