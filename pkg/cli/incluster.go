package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// maxIDs is how many run ids are tried; six random characters are taken once in a billion times.
const maxIDs = 3

// clusterRun is a run in the cluster, from its launch to its end: a Job in each of its namespaces.
type clusterRun struct {
	*runOptions
	plan
	jobs []*clusterJob
}

// inCluster launches the run, follows it and brings its result home.
func (o *runOptions) inCluster(ctx context.Context, document *scenario.Document) error {
	connected, home, err := connect(o.kubernetes, "kubectl-kfpperf/"+o.version)
	if err != nil {
		return err
	}
	r := &clusterRun{runOptions: o, plan: newPlan(document, home)}
	o.console.arrange(r.namespaces)
	for _, namespace := range r.namespaces {
		r.jobs = append(r.jobs, &clusterJob{
			runOptions: o, cluster: connected.In(namespace), namespace: namespace, tag: r.tag(namespace),
		})
	}
	if err := r.launch(ctx); err != nil {
		var decided *exitError
		switch {
		case ctx.Err() != nil:
			err = errors.New("interrupted before the job was created")
		case errors.As(err, &decided):
			return err
		}
		return exitWith(exitNoStart, err)
	}
	if err := r.start(ctx); err != nil {
		return err
	}
	return r.attend(ctx)
}

// each does something for all Jobs at once, and returns when all of it is done.
func (r *clusterRun) each(do func(*clusterJob)) {
	var jobs sync.WaitGroup
	for _, j := range r.jobs {
		jobs.Go(func() { do(j) })
	}
	jobs.Wait()
}

// launch checks whether the run can start in all its namespaces, and creates it under an id that is free in all.
func (r *clusterRun) launch(ctx context.Context) error {
	options, err := launchOptions(&r.job, &r.kfp)
	if err != nil {
		return exitWith(exitUsage, err)
	}
	for _, j := range r.jobs {
		if j.account, err = r.job.account(ctx, j.cluster); err != nil {
			return err
		}
	}
	for range maxIDs {
		id, err := jobspec.NewRunID(r.document.Name, rand.Reader)
		if err != nil {
			return err
		}
		r.name(id)
		for i, j := range r.jobs {
			if err := j.build(r.plan, r.ids[i], options); err != nil {
				return exitWith(exitUsage, err)
			}
		}
		r.announce(r.document, r.id, "in "+r.where())
		if err := r.check(ctx); err != nil {
			return err
		}
		if err := r.create(ctx); !errors.Is(err, cluster.ErrExists) {
			return err
		}
	}
	return fmt.Errorf("%d run ids in a row were taken: %w", maxIDs, cluster.ErrExists)
}

// check makes, in all namespaces, the checks that cost nothing, and stops at what would keep the run from starting.
func (r *clusterRun) check(ctx context.Context) error {
	began := time.Now()
	var checks []handoff.Check
	told := map[string]bool{}
	seen := glanceAt(ctx, r.jobs[0].cluster, r.kfp.url)
	for _, j := range r.jobs {
		made, err := j.preflight(ctx, r.document, seen)
		if err != nil {
			return err
		}
		for _, failure := range failed(made) {
			if problem := failure.Problem(); !told[problem.Error()] { // an image is the same everywhere
				told[problem.Error()] = true
				r.console.problem(taggedProblem(j.tag, problem))
			}
		}
		checks = append(checks, made...)
	}
	if len(told) > 0 {
		r.console.note("%s; nothing was started. kubectl kfpperf check tells more.", failedOf(checks))
		return exitWith(exitNoStart, nil)
	}
	r.console.done("checks passed (%d, in %s)", passed(checks), report.Duration(time.Since(began)))
	return nil
}

// create creates all Jobs, one right behind the other. When one cannot be, none stays.
func (r *clusterRun) create(ctx context.Context) error {
	for i, j := range r.jobs {
		j.launched = time.Now()
		if err := j.cluster.Launch(ctx, j.objects); err != nil {
			if r.remove(ctx, r.jobs[:i]) && i > 0 {
				r.console.note("  The jobs that were made before were removed.")
			}
			return taggedError(j.tag, err)
		}
	}
	return nil
}

// start waits until all pods run. When one cannot start, the run is removed from everywhere: of less tenants than
// were asked for it would say something else. An interrupt leaves it alone.
func (r *clusterRun) start(ctx context.Context) error {
	starting, stop := context.WithCancel(ctx)
	defer stop()
	r.each(func(j *clusterJob) {
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
		return r.detach(r.jobs)
	case starting.Err() == nil:
		for _, j := range r.jobs {
			j.done("job %s created · pod running on %s after %s", j.objects.Job.Name, j.node, report.Duration(j.took))
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

// remove removes Jobs that have no result, tells of what is left, and reports whether nothing is.
func (r *clusterRun) remove(ctx context.Context, jobs []*clusterJob) (clean bool) {
	clean = true
	for _, j := range jobs {
		clean = j.remove(ctx) && clean
	}
	return clean
}

// detach leaves Jobs alone and prints how to go on without the plugin.
func (r *clusterRun) detach(jobs []*clusterJob) error {
	r.console.note("detached; the run goes on")
	for _, j := range jobs {
		r.console.command("follow it with:", j.commands().Follow)
		r.console.command("remove it with:", j.commands().Remove)
	}
	return exitWith(exitDetached, nil)
}
