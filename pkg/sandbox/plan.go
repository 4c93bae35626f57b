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
	p.steps = []step{{"root-driver", 0, driverTime}, {"root", driverTime, driverTime}}
	end := p.graph(r.Root.DAG.Tasks, driverTime)
	p.steps[1].end = end
	return p.steps, end
}

// graph plans a graph of tasks that begins at a time, and returns when its last task ends.
func (p *planner) graph(tasks map[string]task, begin time.Duration) time.Duration {
	ends := map[string]time.Duration{}
	var visit func(name string) time.Duration
	visit = func(name string) time.Duration {
		if end, known := ends[name]; known {
			return end
		}
		ends[name] = begin // a task that depends on itself depends on nothing
		ready := begin
		for _, needed := range tasks[name].DependentTasks {
			if _, there := tasks[needed]; there {
				ready = max(ready, visit(needed))
			}
		}
		ends[name] = p.task(name, tasks[name], ready)
		return ends[name]
	}
	last := begin
	for _, name := range slices.Sorted(maps.Keys(tasks)) {
		last = max(last, visit(name))
	}
	return last
}

// task plans a task that is ready at a time, and returns when it ends.
func (p *planner) task(name string, t task, ready time.Duration) time.Duration {
	if len(p.steps) >= maxSteps {
		return ready
	}
	begin := ready + driverTime
	does := p.Components[t.ComponentRef.Name]
	p.steps = append(p.steps, step{name + "-driver", ready, begin})
	place := len(p.steps)
	p.steps = append(p.steps, step{name: name, begin: begin})
	end := begin
	if len(does.DAG.Tasks) > 0 {
		end = p.graph(does.DAG.Tasks, begin)
	} else {
		end += p.time(p.DeploymentSpec.Executors[does.ExecutorLabel])
		p.steps = append(p.steps, step{"executor", begin, end})
	}
	p.steps[place].end = end
	return end
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
