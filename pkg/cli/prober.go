package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kfpperf/kubectl-kfpperf/pkg/cluster"
	"github.com/kfpperf/kubectl-kfpperf/pkg/handoff"
	"github.com/kfpperf/kubectl-kfpperf/pkg/jobspec"
	"github.com/kfpperf/kubectl-kfpperf/pkg/scenario"
)

// prober has a Job like a run's look at KFP.
type prober struct {
	cluster   *cluster.Cluster
	document  *scenario.Document
	options   jobspec.Options
	timeout   time.Duration
	patchFile string
}

// build makes the objects of a run, or of a probe, under a new id.
func (p *prober) build(probe bool) (*jobspec.Objects, error) {
	name := p.document.Name
	if probe {
		name = "probe"
	}
	var err error
	if p.options.RunID, err = jobspec.NewRunID(name, rand.Reader); err != nil {
		return nil, err
	}
	p.options.Verb = ""
	if probe {
		p.options.Verb = jobspec.VerbProbe
	}
	return buildJob(p.document, p.options, p.patchFile)
}

// checkProbe is the name of the check whether the probe itself took place.
const checkProbe = "probe"

// probe launches the Job, brings home what it found, and removes it. Its error says that objects were left.
func (p *prober) probe(ctx context.Context) (checks []handoff.Check, err error) {
	objects, err := p.build(true)
	if err != nil {
		return nil, err
	}
	if err := p.cluster.Launch(ctx, objects); err != nil {
		return []handoff.Check{probeFault(err)}, nil
	}
	defer func() { err = errors.Join(err, p.cluster.Remove(context.WithoutCancel(ctx), p.options.RunID)) }()
	checks, err = p.await(ctx, time.Now())
	if err != nil {
		return []handoff.Check{probeFault(err)}, nil
	}
	return checks, nil
}

// await waits for the probe's pod to start and to end.
func (p *prober) await(ctx context.Context, launched time.Time) ([]handoff.Check, error) {
	node, err := p.cluster.Start(ctx, p.options.RunID, cluster.Starting{Timeout: p.timeout, Tell: func(*handoff.Problem) {}})
	if err != nil {
		return nil, err
	}
	started := time.Since(launched)
	collected, err := p.cluster.Collect(ctx, p.options.RunID)
	switch {
	case err != nil:
		return nil, err
	case collected.Commit.Problem != nil:
		return nil, collected.Commit.Problem
	}
	var found []handoff.Check
	if err := json.Unmarshal(collected.Content, &found); err != nil {
		return nil, fmt.Errorf("reading what the probe found: %w", err)
	}
	for _, check := range found {
		if check.Status != handoff.Passed && check.Status != handoff.Failed && check.Status != handoff.Unknown {
			return nil, fmt.Errorf("reading what the probe found: %q is no outcome of a check", check.Status)
		}
	}
	ran := handoff.Pass(checkProbe, fmt.Sprintf("a pod started on %s after %s", node, started.Round(100*time.Millisecond)))
	return append([]handoff.Check{ran}, found...), nil
}

// probeFault is the check of a probe that came to nothing.
func probeFault(err error) handoff.Check {
	var problem *handoff.Problem
	if !errors.As(err, &problem) {
		problem = &handoff.Problem{Cause: "the probe could not look", Evidence: err.Error(), Remedy: "Try again."}
	}
	return handoff.Fail(checkProbe, problem)
}
