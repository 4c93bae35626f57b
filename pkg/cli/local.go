package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/result"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
	"github.com/kfpperf/kubectl-kfpperf/pkg/worker"
)

// inThisProcess runs the scenario here. When it is interrupted, nothing more starts, and the result of
// what was done is written.
func (o *runOptions) inThisProcess(ctx context.Context, document *scenario.Document) error {
	runID, err := jobspec.NewRunID(document.Name, rand.Reader)
	if err != nil {
		return err
	}
	place := "in this process"
	if o.sandbox {
		place = "in this process, against the embedded KFP"
		if o.speed != 1 {
			place += ", where time runs " + o.speed.String()
		}
	}
	o.announce(document, runID, place)
	client, err := o.kfp.client(o.version, o.localTokens(), o.logger)
	if err != nil {
		return err
	}
	var measured *result.Document
	err = o.console.during(func() error {
		measured, err = worker.Run(ctx, worker.Options{
			RunID: runID, Document: document, Client: client,
			URL: o.kfp.url, Namespace: *o.kubernetes.Namespace, Image: o.job.image, Auth: o.kfp.auth,
			DisableCache: o.kfp.disableCache, Drain: o.kfp.drain, Speed: float64(o.speed),
			Cluster: o.surroundings(), Flags: o.set,
			Version: o.version, Emit: o.console.event, Logger: o.logger,
		})
		return err
	})
	if err != nil {
		return notStarted(ctx, err)
	}
	content, err := result.Encode(measured)
	if err != nil {
		return err
	}
	file := newResultFile(o.outputDir, runID)
	if err := file.write(content); err != nil {
		return err
	}
	return o.conclude(measured, content, file)
}

// notStarted gives the reason why a run did not start its code.
func notStarted(ctx context.Context, err error) error {
	var problem *handoff.Problem
	switch {
	case ctx.Err() != nil:
		return exitWith(exitNoStart, errors.New("interrupted before the run had started"))
	case errors.As(err, &problem):
		return exitWith(exitNoStart, err)
	}
	return fmt.Errorf("running the scenario: %w", err)
}
