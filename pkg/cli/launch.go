package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/report"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// maxIDs is how many run ids are tried; six random characters are taken once in a billion times.
const maxIDs = 3

// launch is a run that is brought into the cluster.
type launch struct {
	*clusterRun
	options *runOptions
	// made are the objects of each Job.
	made []*jobspec.Objects
}

// inCluster launches the run, follows it and brings its result home; or leaves it alone at once.
func (o *runOptions) inCluster(ctx context.Context, document *scenario.Document) error {
	connected, home, err := connect(o.kubernetes, "kubectl-kfpperf/"+o.version)
	if err != nil {
		return err
	}
	r := &clusterRun{attendant: o.attendant, plan: newPlan(document, home)}
	o.console.arrange(r.namespaces)
	for _, namespace := range r.namespaces {
		r.jobs = append(r.jobs, &clusterJob{
			attendant: o.attendant, cluster: connected.In(namespace), namespace: namespace, tag: r.tag(namespace), own: true,
		})
	}
	l := &launch{clusterRun: r, options: o, made: make([]*jobspec.Objects, len(r.jobs))}
	if err := l.launch(ctx); err != nil {
		var decided *exitError
		switch {
		case ctx.Err() != nil:
			err = errors.New("interrupted before the job was created")
		case errors.As(err, &decided):
			return err
		}
		return exitWith(exitNoStart, err)
	}
	if o.detached {
		return r.leave()
	}
	return r.accompany(ctx)
}

// leave prints the ids of a run that has been launched, for scripts, and for people how to come back to it.
func (r *clusterRun) leave() error {
	for _, j := range r.jobs {
		j.done("job %s created", jobspec.JobName(j.id))
	}
	r.tellCommands(r.jobs)
	for _, j := range r.jobs {
		if _, err := fmt.Fprintln(r.streams.Out, j.id); err != nil {
			return fmt.Errorf("printing the run id: %w", err)
		}
	}
	return nil
}

// launch checks whether the run can start in all its namespaces, and creates it under an id that is free in all.
func (l *launch) launch(ctx context.Context) error {
	options, err := launchOptions(&l.options.job, &l.options.kfp)
	if err != nil {
		return exitWith(exitUsage, err)
	}
	options.LogLevel = l.logs.level
	accounts := make([]string, len(l.jobs))
	for i, j := range l.jobs {
		if accounts[i], err = l.options.job.account(ctx, j.cluster); err != nil {
			return err
		}
	}
	for range maxIDs {
		id, err := jobspec.NewRunID(l.document.Name, rand.Reader)
		if err != nil {
			return err
		}
		l.name(id)
		if l.several() {
			options.Group = id
		}
		for i, j := range l.jobs {
			j.id = l.ids[i]
			options.RunID, options.Namespace, options.ServiceAccount = j.id, j.namespace, accounts[i]
			if l.made[i], err = buildJob(l.document, options, l.options.job.pod.patchFile); err != nil {
				return exitWith(exitUsage, err)
			}
		}
		l.options.announce(l.document, l.id, "in "+l.where())
		if err := l.check(ctx); err != nil {
			return err
		}
		if err := l.create(ctx); !errors.Is(err, cluster.ErrExists) {
			return err
		}
	}
	return fmt.Errorf("%d run ids in a row were taken: %w", maxIDs, cluster.ErrExists)
}

// check makes, in all namespaces, the checks that cost nothing, and stops at what would keep the run from starting.
func (l *launch) check(ctx context.Context) error {
	began := time.Now()
	var checks []handoff.Check
	told := map[string]bool{}
	seen := glanceAt(ctx, l.jobs[0].cluster, l.options.kfp.url)
	for i, j := range l.jobs {
		made, err := cheapChecks(ctx, j.cluster, l.document.Within(j.namespace), l.made[i], l.options.kfp, seen)
		if err != nil {
			return err
		}
		for _, failure := range failed(made) {
			if problem := failure.Problem(); !told[problem.Error()] { // an image is the same everywhere
				told[problem.Error()] = true
				l.console.problem(taggedProblem(j.tag, problem))
			}
		}
		checks = append(checks, made...)
	}
	if len(told) > 0 {
		l.console.note("%s; nothing was started. kubectl kfpperf check tells more.", failedOf(checks))
		return exitWith(exitNoStart, nil)
	}
	l.console.done("checks passed (%d, in %s)", passed(checks), report.Duration(time.Since(began)))
	return nil
}

// create creates all Jobs, one right behind the other. When one cannot be, none stays.
func (l *launch) create(ctx context.Context) error {
	for i, j := range l.jobs {
		j.launched = time.Now()
		if err := j.cluster.Launch(ctx, l.made[i]); err != nil {
			if l.remove(ctx, l.jobs[:i]) && i > 0 {
				l.console.note("  The jobs that were made before were removed.")
			}
			return taggedError(j.tag, err)
		}
	}
	return nil
}
