package cli

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
)

// clusterRun is a run in the cluster: a Job in each of its namespaces.
type clusterRun struct {
	*attendant
	plan
	jobs []*clusterJob
}

// each does something for all Jobs at once, and returns when all of it is done.
func (r *clusterRun) each(do func(*clusterJob)) {
	var jobs sync.WaitGroup
	for _, j := range r.jobs {
		jobs.Go(func() { do(j) })
	}
	jobs.Wait()
}

// errInterrupted says that whoever waits was asked to stop.
var errInterrupted = errors.New("interrupted")

// accompany follows a run from its start to its end, and brings its results home. An interrupt leaves the run alone,
// or cancels it.
func (r *clusterRun) accompany(ctx context.Context) error {
	later := r.later(ctx)
	defer later.done()
	err := r.start(ctx)
	if err == nil {
		r.follow(ctx)
		if ctx.Err() == nil {
			return r.settle(ctx)
		}
		err = errInterrupted
	}
	if !errors.Is(err, errInterrupted) {
		return err
	}
	if !r.wantsCancel(later) {
		later.done()
		return r.settle(ctx)
	}
	again, cancel := later.context(ctx)
	defer cancel()
	return r.cancel(again, handoff.StopDrain)
}

// wantsCancel finds out whether an interrupt is to end the run, and not only the waiting for it.
func (r *clusterRun) wantsCancel(later *laterInterrupts) bool {
	switch r.onInterrupt {
	case interruptDetach:
		return false
	case interruptCancel:
		return true
	}
	later.listen()
	r.console.note("detaching; Ctrl-C again within %.0f s cancels the run", secondInterrupt.Seconds())
	return later.within(secondInterrupt)
}

// start waits until all pods run. When one cannot start, the run is removed from everywhere: of less tenants than
// were asked for it would say something else. An interrupt leaves it alone.
func (r *clusterRun) start(ctx context.Context) error {
	starting, stop := context.WithCancel(ctx)
	defer stop()
	r.each(func(j *clusterJob) {
		if j.begun {
			return
		}
		j.node, j.err = j.cluster.Start(starting, j.id, cluster.Starting{Timeout: r.startTimeout, Tell: j.tellWaiting})
		j.took = time.Since(j.launched)
		if j.err != nil {
			stop() // the others wait for nothing
		}
	})
	var failures []error
	for _, j := range r.jobs {
		if j.err != nil && !errors.Is(j.err, context.Canceled) {
			failures = append(failures, taggedError(j.tag, j.err))
		}
	}
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case starting.Err() == nil:
		for _, j := range r.jobs {
			j.tellStarted()
		}
		return nil
	}
	away := true
	for _, err := range failures {
		_ = r.console.ended(err) // the code is decided here
		away = away && errors.Is(err, cluster.ErrOutage)
	}
	if away {
		return r.detach(r.jobs)
	}
	if r.remove(ctx, r.jobs) {
		r.console.note("  Nothing was left in %s.", r.where())
	}
	return exitWith(exitNoStart, nil)
}

// cancel asks all Jobs to stop, removes those that have not started, and brings the results of the others home. The
// next interrupt leaves them alone.
func (r *clusterRun) cancel(ctx context.Context, how handoff.Stop) error {
	r.each(func(j *clusterJob) { j.cancel(ctx, how) })
	r.follow(ctx)
	return r.settle(ctx)
}

// askedOnly tells of Jobs that were asked to stop how to come back to them, and removes those that have not started.
func (r *clusterRun) askedOnly(ctx context.Context) error {
	var codes []exitCode
	for _, j := range r.jobs {
		switch {
		case errors.Is(j.err, errNeverStarted):
			if code := j.removeUnstarted(ctx); code == exitLeft {
				codes = append(codes, code)
			}
		case j.err != nil:
			j.tell(j.err)
			codes = append(codes, exitNoStart)
		default:
			r.console.command("come back with:", j.command("attach"))
		}
	}
	if code := worst(codes...); code != exitDone {
		return exitWith(code, nil)
	}
	return nil
}

// remove removes Jobs that have no result, tells of what is left, and reports whether nothing is.
func (r *clusterRun) remove(ctx context.Context, jobs []*clusterJob) (clean bool) {
	clean = true
	for _, j := range jobs {
		clean = j.remove(ctx) && clean
	}
	return clean
}

// detach leaves Jobs alone and prints how to come back to them.
func (r *clusterRun) detach(jobs []*clusterJob) error {
	words := "detached; the run goes on"
	if !slices.ContainsFunc(jobs, func(j *clusterJob) bool { return !j.stopping }) {
		words = "detached; the run stops by itself"
	}
	r.console.note("%s", words)
	r.tellCommands(jobs)
	return exitWith(exitDetached, nil)
}

// tellCommands prints how to come back to Jobs that go on; of many only how to come back to all.
func (r *clusterRun) tellCommands(jobs []*clusterJob) {
	const most = 3
	if len(jobs) > most {
		flags := append([]string{"-A"}, kubectlFlags(r.kubernetes)...)
		r.console.command("come back with:", commandFor("attach", r.id, flags...))
		r.console.command("stop it with:", commandFor("cancel", r.id, flags...))
		return
	}
	for _, j := range jobs {
		r.console.command("come back with:", j.command("attach"))
		if !j.stopping {
			r.console.command("stop it with:", j.command("cancel"))
		}
	}
}
