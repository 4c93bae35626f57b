package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/kfp"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
)

// inThisProcess runs the scenario here, with a worker for each of its namespaces. When it is interrupted, nothing
// more starts, and the results of what was done are written.
func (o *runOptions) inThisProcess(ctx context.Context, p plan) error {
	id, err := jobspec.NewRunID(p.document.Name, rand.Reader)
	if err != nil {
		return err
	}
	p.name(id)
	o.announce(p.document, p.id, o.place(p))
	client, err := o.kfp.client(o.version, o.localTokens(), o.logger)
	if err != nil {
		return err
	}
	measured, errs := o.measure(ctx, p, client)
	if ctx.Err() != nil && !slices.ContainsFunc(measured, func(d *result.Document) bool { return d != nil }) {
		return errs[0]
	}
	outcome := beside{plan: p}
	for i, namespace := range p.namespaces {
		if err := errs[i]; err != nil {
			outcome.lack(namespace, codeOf(err), err)
			continue
		}
		done, err := o.write(measured[i], p.ids[i])
		if err != nil {
			_ = o.console.ended(taggedError(p.tag(namespace), err)) // the code is among the others
			outcome.lack(namespace, exitUsage, err)
			continue
		}
		outcome.add(done)
	}
	return o.conclude(outcome)
}

// place says where the scenario is run.
func (o *runOptions) place(p plan) string {
	place := "in this process"
	if o.sandbox {
		place = "in this process, against the embedded KFP"
		if o.speed != 1 {
			place += ", where time runs " + o.speed.String()
		}
	}
	if p.several() {
		place = "in " + p.where() + ", " + place
	}
	return place
}

// measure runs all parts at once. A part has a result or an error.
func (o *runOptions) measure(ctx context.Context, p plan, client *kfp.Client) (measured []*result.Document, errs []error) {
	measured, errs = make([]*result.Document, len(p.ids)), make([]error, len(p.ids))
	told := failures{console: o.console, told: map[string]bool{}}
	o.console.arrange(p.namespaces)
	_ = o.console.during(func() error {
		var workers sync.WaitGroup
		for i, namespace := range p.namespaces {
			tag, around := p.tag(namespace), o.surroundings()
			workers.Go(func() {
				var err error
				measured[i], err = worker.Run(ctx, worker.Options{
					RunID: p.ids[i], Document: p.document, Client: client,
					URL: o.kfp.url, Namespace: namespace, Apart: true, Image: o.job.image, Auth: o.kfp.auth,
					DisableCache: o.kfp.disableCache, Drain: o.kfp.drain, Speed: float64(o.speed),
					Keep: result.Keep(o.kfp.keep), CleanupTimeout: o.kfp.cleanupTimeout,
					Cluster: around, Flags: o.set, Version: o.version, Logger: o.logger,
					Emit: func(e handoff.Event) { o.console.event(taggedEvent(tag, e)) },
				})
				errs[i] = told.tell(ctx, tag, err)
			})
		}
		workers.Wait()
		debug.FreeOSMemory() // what the runs took is given back before their results take the same again
		return nil           // each part has its own error
	})
	return measured, errs
}

// write puts a result into its file.
func (o *runOptions) write(document *result.Document, id string) (finished, error) {
	content, err := result.Encode(document)
	if err != nil {
		return finished{}, err
	}
	done := finished{document: document, content: content, file: newResultFile(o.outputDir, id)}
	return done, done.file.write(content)
}

// failures tells why parts of a run have no result, once what is so in several of them.
type failures struct {
	console *console
	mu      sync.Mutex
	told    map[string]bool
}

// tell tells why the part with a tag came to nothing, unless that was told. It returns the error with its code.
func (f *failures) tell(ctx context.Context, tag string, err error) error {
	var problem *handoff.Problem
	code := exitNoStart
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return exitWith(exitNoStart, errors.New("interrupted before the run had started"))
	case errors.Is(err, worker.ErrSingleUser):
		tag = "" // it is so for all
	case !errors.As(err, &problem):
		err, code = fmt.Errorf("running the scenario: %w", err), exitUsage
	}
	f.mu.Lock()
	known := f.told[err.Error()]
	f.told[err.Error()] = true
	f.mu.Unlock()
	if !known {
		_ = f.console.ended(taggedError(tag, err)) // the code is decided in the end
	}
	return exitWith(code, err)
}
